namespace XenActors.Simulation;

/// <summary>Keeps the trace in memory, for tests and for <see cref="TraceDiff"/>.</summary>
public sealed class TraceLog : ITraceSink
{
    private readonly List<TraceRecord> _records = [];

    public IReadOnlyList<TraceRecord> Records => _records;

    public void Record(in TraceRecord record) => _records.Add(record);
}
