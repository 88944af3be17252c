namespace XenActors.Simulation;

public sealed partial class Simulator
{
    private readonly SortedDictionary<int, object> _wanted = [];
    private readonly List<TapBuffer.Entry> _toTell = [];

    /// <summary>From now on the observer sees every handled message of the type, or every <see cref="ActorContext.Note"/> of it.</summary>
    public void Observe<T>(IObserve<T> observer) => Wanted<T>().Observers.Add(observer);

    /// <summary>
    /// Ends the run at the end of the window in which this is first true of a handled message or a note. The function may be called from several threads,
    /// for what different partitions see, and may remember nothing.
    /// </summary>
    public Break BreakOn<T>(Func<Observed, T, bool> when)
    {
        var condition = new Break<T>(_partitions.Length, when);
        Wanted<T>().Breaks.Add(condition);
        _breaks.Add(condition);
        return condition;
    }

    /// <summary>The same upon messages of any type, as they are handled; upon the n-th of those for which it is true, counted over all processes.</summary>
    public Break BreakOnMessage(Func<Observed, MessageType, bool> when, int nth = 1)
    {
        var condition = nth == 1 ? new Break<MessageType>(_partitions.Length, when) : new NthBreak(_partitions.Length, when, nth, HasOtherNodes);
        if (condition is NthBreak counted)
        {
            Engine.Shared?.Counted.Add(counted);
        }

        _breaks.Add(condition);
        foreach (var partition in _partitions)
        {
            partition.Taps ??= new TapBuffer(partition.Index);
            partition.Taps.WantAny(counts: false);
            partition.Taps.Breaks.Add(condition);
        }

        return condition;
    }

    /// <summary>From now on handled messages are counted by their types.</summary>
    public void CountMessages()
    {
        foreach (var partition in _partitions)
        {
            partition.Taps ??= new TapBuffer(partition.Index);
            partition.Taps.WantAny(counts: true);
        }
    }

    /// <summary>The types of which messages were handled since they are counted, by name.</summary>
    public SortedDictionary<string, long> MessageCounts()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var type in MessageType.All)
        {
            if (_partitions.Sum(p => p.Taps?.CountOf(type) ?? 0) is > 0 and var count)
            {
                counts[type.Name] = count;
            }
        }

        return counts;
    }

    internal void FlushTaps() => TapBuffer.Flush(_partitions, _toTell);

    private TapWanted<T> Wanted<T>()
    {
        if (_wanted.TryGetValue(TapType<T>.Id, out var known))
        {
            return (TapWanted<T>)known;
        }

        if (Engine.Shared is not null && TapCodec<T>.Instance is null)
        {
            RefuseOnNodes($"an observer of {typeof(T).Name}, which has no codec,");
        }

        var wanted = new TapWanted<T>();
        _wanted.Add(TapType<T>.Id, wanted);
        foreach (var partition in _partitions)
        {
            partition.Taps ??= new TapBuffer(partition.Index);
            partition.Taps.Want(wanted);
        }

        return wanted;
    }
}
