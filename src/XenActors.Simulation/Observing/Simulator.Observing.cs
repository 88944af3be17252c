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
        return condition;
    }

    internal void FlushTaps() => TapBuffer.Flush(_partitions, _toTell);

    private TapWanted<T> Wanted<T>()
    {
        if (_wanted.TryGetValue(TapType<T>.Id, out var known))
        {
            return (TapWanted<T>)known;
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
