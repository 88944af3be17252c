using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>An ATA read that the disk actor works on.</summary>
[Codec]
public sealed partial record PendingRead(ActorRef Guest, long Cookie);

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

    internal SortedDictionary<long, PendingRead> Reads { get; private set; } = [];

    internal long NextCookie { get; set; } = 1;

    public static DeviceModelState Create(GuestPlan plan, HostProfile host, Dom0Peers peers) => new() { Plan = plan, Host = host, Peers = peers };
}
