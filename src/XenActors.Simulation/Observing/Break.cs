namespace XenActors.Simulation;

/// <summary>A condition upon what is seen that ends the run at the end of the window in which it first comes true.</summary>
public abstract class Break
{
    private readonly long[] _firsts;

    private protected Break(int partitions)
    {
        _firsts = new long[partitions];
        Array.Fill(_firsts, long.MaxValue);
    }

    /// <summary>When it first came true; <see cref="VirtualTime.Never"/> when it has not.</summary>
    public VirtualTime At => new(_firsts.Min());

    public bool Hit => At != VirtualTime.Never;

    /// <summary>Asked no more.</summary>
    public bool Removed { get; private set; }

    public void Remove() => Removed = true;

    internal long FirstIn(int partition) => _firsts[partition];

    /// <summary>From the node that runs the partition.</summary>
    internal void Learn(int partition, long first) => _firsts[partition] = first;

    private protected void Mark(int partition, VirtualTime at) => _firsts[partition] = Math.Min(_firsts[partition], at.Nanoseconds);

    private protected bool Asks(int partition) => !Removed && _firsts[partition] == long.MaxValue;
}

internal class Break<T>(int partitions, Func<Observed, T, bool> when) : Break(partitions)
{
    /// <summary>True when the run shall end with this window: at the first one of its partition.</summary>
    public virtual bool Judge(int partition, in Observed at, in T what)
    {
        if (!Asks(partition, in at, in what))
        {
            return false;
        }

        Mark(partition, at.Time);
        return true;
    }

    protected bool Asks(int partition, in Observed at, in T what) => Asks(partition) && when(at, what);
}
