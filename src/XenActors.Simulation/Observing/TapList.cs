namespace XenActors.Simulation;

/// <summary>What one partition has seen of one type since the last flush, and who wants it.</summary>
internal abstract class TapList
{
    /// <summary>Hands the n-th on.</summary>
    public abstract void Dispatch(int index, in Observed at);

    public abstract void Clear();
}

internal sealed class TapList<T>(TapBuffer buffer, int partition, TapWanted<T> wanted) : TapList
{
    private readonly List<T> _seen = [];

    /// <summary>True when the run shall end with this window.</summary>
    public bool Add(in Observed at, in T what)
    {
        var stop = false;
        foreach (var condition in wanted.Breaks)
        {
            stop |= condition.Judge(partition, in at, in what);
        }

        if (wanted.Observers.Count > 0)
        {
            buffer.Add(this, _seen.Count, in at);
            _seen.Add(what);
        }

        return stop;
    }

    public override void Dispatch(int index, in Observed at)
    {
        foreach (var observer in wanted.Observers)
        {
            observer.On(in at, _seen[index]);
        }
    }

    public override void Clear() => _seen.Clear();
}

/// <summary>Who wants to see a type, in the order of subscription.</summary>
internal sealed class TapWanted<T>
{
    public List<IObserve<T>> Observers { get; } = [];

    public List<Break<T>> Breaks { get; } = [];
}
