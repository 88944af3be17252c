namespace XenActors.Simulation;

/// <summary>Writes the trace as text, one line a message.</summary>
public sealed class TraceText(TextWriter writer) : ITraceSink
{
    public void Record(in TraceRecord record) => writer.WriteLine(record.ToString());
}
