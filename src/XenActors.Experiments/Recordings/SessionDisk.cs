namespace XenActors.Experiments.Recordings;

/// <summary>A guest's disk that programs outside use.</summary>
/// <param name="Guest">The guest's place among the configurations, from 0.</param>
/// <param name="Device">As in the guest's <c>/dev</c>.</param>
public sealed record SessionDisk(int Guest, string Device);
