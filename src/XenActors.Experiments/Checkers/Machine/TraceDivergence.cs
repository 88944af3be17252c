using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>Where a trace parts from a known one.</summary>
internal sealed class TraceDivergence(TraceDigests known) : ITraceSink
{
    private int _count;
    private int? _index;

    /// <summary>Of the first record that differs, from 0; null when there is none. A trace that ends early differs where it ends.</summary>
    public int? Index => _index ?? (_count < known.Count ? _count : null);

    /// <summary>That record of this trace; null where it has ended.</summary>
    public TraceRecord? Record { get; private set; }

    void ITraceSink.Record(in TraceRecord record)
    {
        if (_index is null && (_count >= known.Count || known[_count] != TraceDigests.Of(in record)))
        {
            _index = _count;
            Record = record;
        }

        _count++;
    }
}
