using XenActors.Guest;
using XenActors.Hypervisor;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Xenbus;

public enum FrontendXenbusStep
{
    Stopped,
    Features,
    Types,
    Devices,
    States,
    Ready,
}

[Codec]
public sealed partial class FrontendDevice
{
    public required string Node { get; set; }

    public ActorRef Driver { get; set; }

    public bool Settled { get; set; }

    public bool Connected { get; set; }

    public string Type => Node.Split('/')[1];
}

[Codec]
public sealed partial class FrontendXenbusState
{
    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    public required ActorRef Xenstored { get; set; }

    public HostCosts Costs { get; set; } = HostCosts.Free;

    public KernelProfile? Profile { get; set; }

    public ActorRef Kernel { get; set; }

    public bool Hvm { get; set; }

    public UnplugState Unplug { get; set; }

    /// <summary>The guest's CPUs.</summary>
    public int Vcpus { get; set; } = 1;

    public bool NoGrants { get; set; }

    /// <summary>The kernel's side of the ring to xenstored.</summary>
    public GuestReplica Store { get; set; } = new();

    public XenbusMultiplexer Multiplexer { get; set; } = new();

    public XenstoreClient Xs { get; set; } = new();

    public FrontendXenbusStep Step { get; set; }

    public List<string> Types { get; set; } = [];

    public List<string> Candidates { get; set; } = [];

    /// <summary>Nodes that the watch has named, until the bus gets to them.</summary>
    public List<string> Appeared { get; set; } = [];

    public List<FrontendDevice> Devices { get; set; } = [];

    public List<string> Drivers { get; set; } = [];

    public ActorRef ShutdownHandler { get; set; }

    /// <summary>Nodes of devices that are still to be closed, the next one last; empty unless the machine goes down.</summary>
    public List<string> Closing { get; set; } = [];

    public TimerId ClosingTimer { get; set; }

    public int PatienceRound { get; set; } = -1;

    public bool Settled { get; set; }
}
