namespace XenActors.Simulation;

/// <summary>
/// Receives every handled message, ordered by (time, logical process, the process's own order). Called between windows, never
/// while actors run.
/// </summary>
public interface ITraceSink
{
    void Record(in TraceRecord record);

    /// <summary>Everything until now has been told, to observers too.</summary>
    void Flushed()
    {
    }
}
