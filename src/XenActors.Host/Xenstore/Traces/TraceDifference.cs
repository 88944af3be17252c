namespace XenActors.Xenstore.Traces;

/// <summary>Where the store's answer is not the trace's.</summary>
/// <param name="Line">The line of the trace.</param>
/// <param name="Request">The request that it answers; null for an event.</param>
/// <param name="Expected">What the trace has.</param>
/// <param name="Found">What the store said.</param>
public sealed record TraceDifference(int Line, TraceEntry? Request, string Expected, string Found);
