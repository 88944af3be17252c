namespace XenActors.Live.Xenstore.Bench;

/// <summary>What one daemon did under one load: medians of the rounds.</summary>
/// <param name="PerSecond">Units a second.</param>
/// <param name="CpuMicroseconds">The daemon's processor time a unit; null when it cannot be seen from here.</param>
public sealed record BenchFigure(double PerSecond, double? CpuMicroseconds);

/// <summary>One load on every daemon.</summary>
/// <param name="Name">The load.</param>
/// <param name="Unit">What was counted.</param>
/// <param name="Daemons">In the order of the command line.</param>
/// <param name="Ratio">The first daemon's rate over the second's: the median of the rounds, each a pair; null with one daemon.</param>
public sealed record BenchRow(string Name, string Unit, IReadOnlyList<BenchFigure> Daemons, double? Ratio);

/// <summary>Resident memory of every daemon's process with so many nodes of the benchmark in it; null when it cannot be seen from here.</summary>
public sealed record BenchMemory(int Nodes, IReadOnlyList<long?> Bytes);

/// <summary>All that a run measured.</summary>
public sealed record BenchReport(IReadOnlyList<BenchRow> Loads, IReadOnlyList<BenchMemory> Memory);
