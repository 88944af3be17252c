namespace XenActors.Xenstore.Traces;

/// <summary>How a trace's replay went.</summary>
/// <param name="Difference">The first one; null when there is none.</param>
/// <param name="Replies">Replies that were compared and agree.</param>
/// <param name="Events">Watch events that were compared and agree.</param>
/// <param name="OlderEvents">Events of watches that are older than the trace, which nobody can compare.</param>
/// <param name="Store">The store at the end.</param>
public sealed record TraceOutcome(TraceDifference? Difference, int Replies, int Events, int OlderEvents, XenstoreCore Store);
