using XenActors.DeviceModel.Ide;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>What a channel waits for, at the disk actor or in the guest's memory.</summary>
[Codec]
public readonly partial record struct PendingIdeWork(int Channel, long Serial);

/// <summary>QEMU for one domain.</summary>
[Codec]
public sealed partial class DeviceModelState
{
    public GuestPlan? Plan { get; set; }

    public HostProfile? Host { get; set; }

    public Dom0Peers? Peers { get; set; }

    public PlatformPci Platform { get; set; } = new();

    public PciBus Pci { get; set; } = new();

    public NicRegisters Nics { get; set; } = new();

    public IdeController Ide { get; set; } = new();

    /// <summary>It serves ioreqs.</summary>
    public bool Running { get; set; }

    /// <summary>What serves the disks; nobody before the legacy backends stand.</summary>
    public ActorRef Xenbus { get; set; }

    /// <summary>Its ends of the ioreq server's ports.</summary>
    public List<uint> Ports { get; private set; } = [];

    /// <summary>By cookie.</summary>
    internal SortedDictionary<long, PendingIdeWork> Works { get; private set; } = [];

    internal long NextCookie { get; set; } = 1;

    /// <summary>The serial number of the work that each channel has been told to do last.</summary>
    internal List<long> Started { get; private set; } = [0, 0];

    /// <summary>Who waits for an access that drains the disks; none when no such access is under way.</summary>
    internal ActorRef Held { get; set; }

    /// <summary>The unplug that the held access asks for; 0 for none.</summary>
    internal ushort HeldUnplug { get; set; }

    /// <summary>Cookies of the flushes that the unplug waits for.</summary>
    internal List<long> UnplugFlushes { get; private set; } = [];

    /// <summary>The main loop stands still meanwhile: later ioreqs wait.</summary>
    internal Queue<Ioreq> Waiting { get; private set; } = new();

    public static DeviceModelState Create(GuestPlan plan, HostProfile host, Dom0Peers peers) => new() { Plan = plan, Host = host, Peers = peers };
}
