namespace XenActors.Live.Xenstore.Bench;

/// <summary>One row of the table.</summary>
/// <param name="Name">The load.</param>
/// <param name="Unit">What was counted.</param>
/// <param name="PerSecond">Units a second.</param>
/// <param name="CpuMicroseconds">The daemon's processor time a unit; null when it cannot be seen from here.</param>
public sealed record BenchResult(string Name, string Unit, double PerSecond, double? CpuMicroseconds);
