using XenActors.Simulation;

namespace XenActors.Cluster;

/// <summary>A run as it was at a window's edge.</summary>
/// <param name="Now">The virtual time.</param>
/// <param name="About">What was run, by which build: only the same can continue it.</param>
/// <param name="Parts">Every logical process by itself, and what else the run has outside of them.</param>
public sealed record Checkpoint(VirtualTime Now, string About, IReadOnlyList<SnapshotPart> Parts);
