using XenActors.Hypervisor;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.SplitDrivers;

/// <summary>What every backend knows of the kernel that it is part of.</summary>
[Codec]
public sealed partial class BackendContext
{
    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    public required ActorRef Bus { get; set; }

    /// <summary>What this kernel publishes for its devices.</summary>
    public required BackendKeys Keys { get; set; }

    /// <summary>What this kernel's work takes on this host.</summary>
    public HostCosts Costs { get; set; } = HostCosts.Free;

    /// <summary>The host's disk actor.</summary>
    public required ActorRef Disks { get; set; }

    /// <summary>The bridges of this domain.</summary>
    public required ActorRef Bridges { get; set; }

    /// <summary>QEMU's disk backends copy instead of mapping.</summary>
    public bool GrantCopy { get; set; }

    /// <summary>This kernel does an operation on a grant again that has met GNTST_eagain, for QEMU too.</summary>
    public bool GrantRetries { get; set; }

    /// <summary>Of this kernel's backends.</summary>
    public Defects Defects { get; set; }

    public ActorRef EventChannels => Places.EventChannels(Domain);
}
