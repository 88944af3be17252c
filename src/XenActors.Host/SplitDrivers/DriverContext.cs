using XenActors.Guest;
using XenActors.Hypervisor;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.SplitDrivers;

/// <summary>What every frontend knows of the kernel that it is part of.</summary>
[Codec]
public sealed partial class DriverContext
{
    public required KernelProfile Profile { get; set; }

    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    /// <summary>The xenbus that shares its connection to xenstored.</summary>
    public required ActorRef Bus { get; set; }

    public required ActorRef Kernel { get; set; }

    public required bool Hvm { get; set; }

    public required UnplugState Unplug { get; set; }

    /// <summary>The guest's CPUs: a driver makes no more queues than these.</summary>
    public int Vcpus { get; set; } = 1;

    /// <summary>The kernel has no grant table, and so no page to share.</summary>
    public bool NoGrants { get; set; }

    /// <summary>What this kernel's work takes on this host.</summary>
    public HostCosts Costs { get; set; } = HostCosts.Free;

    public ActorRef GrantTable => Places.GrantTable(Domain);

    public ActorRef EventChannels => Places.EventChannels(Domain);
}
