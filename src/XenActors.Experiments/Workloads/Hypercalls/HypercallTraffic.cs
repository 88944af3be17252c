using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Hypercalls;

/// <summary>A program that makes hypercalls: how many, how often.</summary>
[Codec]
public sealed partial record HypercallTraffic
{
    public int Operations { get; init; } = 100;

    /// <summary>The mean time between an answer and the next call.</summary>
    public VirtualDuration Interval { get; init; } = VirtualDuration.FromMilliseconds(1);

    /// <summary>Grant references that it takes away for a while; 0 for none.</summary>
    public int Hoard { get; init; }
}
