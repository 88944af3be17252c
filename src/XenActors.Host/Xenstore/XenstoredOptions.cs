using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Xenstore;

/// <summary>How fast the daemon is, and how much it remembers.</summary>
[Codec]
public sealed partial record XenstoredOptions
{
    public VirtualDuration RequestCost { get; init; } = VirtualDuration.FromMicroseconds(20);

    public int JitterPercent { get; init; } = 10;

    /// <summary>Of the daemon.</summary>
    public Defects Defects { get; init; }

    /// <summary>State writes kept for reading; the oldest go first. A guest that writes its state for ever must not fill the memory.</summary>
    public int StateWritesMax { get; init; } = 100_000;
}
