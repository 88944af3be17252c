using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>One record of a trace.</summary>
internal sealed class TracePick(int index) : ITraceSink
{
    private int _count;

    /// <summary>Null when the trace ends before it.</summary>
    public TraceRecord? Record { get; private set; }

    void ITraceSink.Record(in TraceRecord record)
    {
        if (_count++ == index)
        {
            Record = record;
        }
    }
}
