namespace XenActors.Simulation;

/// <summary>What one partition has seen of one type since the last flush, and who wants it.</summary>
internal abstract class TapList(int number)
{
    /// <summary>Which subscription it was: the same on every node.</summary>
    public int Number => number;

    /// <summary>Hands the n-th on.</summary>
    public abstract void Dispatch(int index, in Observed at);

    public abstract void Clear();

    public abstract void Encode(int index, CodecBuffer to);

    /// <summary>Takes in what was seen on another node.</summary>
    public abstract void Take(in Observed at, ref CodecReader from);
}

internal sealed class TapList<T>(TapBuffer buffer, int partition, int number, TapWanted<T> wanted) : TapList(number)
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

    public override void Encode(int index, CodecBuffer to) => TapCodec<T>.Instance!.Encode(_seen[index], to);

    public override void Take(in Observed at, ref CodecReader from)
    {
        buffer.Add(this, _seen.Count, in at);
        _seen.Add(TapCodec<T>.Instance!.Decode(ref from));
    }
}

/// <summary>Who wants to see a type, in the order of subscription.</summary>
internal sealed class TapWanted<T>
{
    public List<IObserve<T>> Observers { get; } = [];

    public List<Break<T>> Breaks { get; } = [];
}
