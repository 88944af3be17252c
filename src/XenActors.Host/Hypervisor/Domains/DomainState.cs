using XenActors.Hypervisor.Memory;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>A domain as the hypervisor keeps it.</summary>
[Codec]
public sealed partial class DomainState
{
    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    /// <summary>Null until the domain is created.</summary>
    public DomainSpec? Spec { get; set; }

    public DomainStatus Status { get; set; }

    /// <summary>Why it has shut down; says nothing while it has not.</summary>
    public Abi.ShutdownReason Reason { get; set; }

    /// <summary>Who hears that domains have ended; nobody where there is no store.</summary>
    public ActorRef Xenstored { get; set; }

    public int PauseCount { get; set; }

    /// <summary>None until the domain has run.</summary>
    public ActorRef Kernel { get; set; }

    /// <summary>Who serves the ioreqs; without it every port reads as all ones.</summary>
    public ActorRef DeviceModel { get; set; }

    public ActorRef Toolstack { get; set; }

    /// <summary>vCPUs whose port or configuration access is at the device model, oldest first: it answers in order.</summary>
    public Queue<ActorRef> WaitingVcpus { get; set; } = new();

    public GuestMemory Memory { get; private set; } = new();

    /// <summary>By the ISA line's number.</summary>
    public SortedDictionary<byte, IsaInterrupt> Interrupts { get; private set; } = [];

    public VmExits Exits { get; private set; } = new();

    public SortedDictionary<uint, ulong> HvmParams { get; set; } = [];

    /// <summary>pirq by GSI (PHYSDEVOP_map_pirq).</summary>
    public SortedDictionary<int, int> Pirqs { get; set; } = [];

    /// <summary>How the guest's boot ended; null while it goes on.</summary>
    public Guest.GuestBooted? Outcome { get; set; }
}
