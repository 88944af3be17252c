using XenActors.Abi;
using XenActors.Guest.Net;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Net.Front;

public enum NetfrontStep
{
    Probe,
    Watching,
    /// <summary>The backend's features and the own address are asked for, before the rings are made.</summary>
    Features,
    Resources,
    Settled,
}

[Codec]
public sealed partial class NetfrontState : IFrontendState
{
    public required DriverContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public NetfrontStep Step { get; set; }

    public string Mac { get; set; } = "";

    /// <summary>The kernel has the network device; it keeps it over a resume.</summary>
    public bool Appeared { get; set; }

    public bool SplitEventChannels { get; set; }

    public bool MultiQueue { get; set; }

    /// <summary>The kernel's name of the device; empty while it has none.</summary>
    public string Name { get; set; } = "";

    /// <summary>Bytes that a frame may carry behind its header.</summary>
    public int Mtu { get; set; } = EthernetHeader.Mtu;

    /// <summary>The programs that want frames.</summary>
    public PacketSockets Sockets { get; set; } = new();

    /// <summary>Frames on their way out, and in.</summary>
    public NetfrontTx ToBackend { get; set; } = new();

    public NetfrontRx FromBackend { get; set; } = new();

    /// <summary>Who has mapped the rings.</summary>
    public ActorRef Backend { get; set; }

    /// <summary>The backend has done what no backend does: the device is of no more use.</summary>
    public bool Broken { get; set; }

    /// <summary>Which connection this is: an answer for an earlier one is told apart by it.</summary>
    public int Round { get; set; }

    public FrontRing? Tx { get; set; }

    public FrontRing? Rx { get; set; }

    public uint TxRef { get; set; }

    public uint RxRef { get; set; }

    /// <summary>With one channel for both directions it is the same as <see cref="RxPort"/>.</summary>
    public uint TxPort { get; set; }

    public uint RxPort { get; set; }

    public static NetfrontState Create(DriverContext driver, string node) => new() { Driver = driver, Device = new DeviceSwitch { Node = node } };
}
