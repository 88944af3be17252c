using XenActors.Abi;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Net.Back;

public enum NetbackStep
{
    Probe,

    /// <summary>Keys outside of it are published; the state's transaction follows.</summary>
    Announced,
    Waiting,
    RingKeys,
    Mapping,

    /// <summary>The hotplug script's status is asked for.</summary>
    HotplugStatus,
    Closed,

    /// <summary>Closed with its frontend: whether it is to stay is asked for.</summary>
    Online,
}

[Codec]
public sealed partial class NetbackState : IBackendState
{
    public required BackendContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public GrantRetries Retries { get; set; } = new();

    public NetbackStep Step { get; set; }

    /// <summary>The frontend's state is watched.</summary>
    public bool Watching { get; set; }

    /// <summary>The script's status is watched.</summary>
    public bool WatchingScript { get; set; }

    /// <summary>The state that the device is on its way to; Unknown when it is on none.</summary>
    public XenbusState Goal { get; set; }

    /// <summary>The frontend's directory is gone.</summary>
    public bool Vanished { get; set; }

    public bool HotplugWatchPending { get; set; }

    /// <summary>The network device in this domain, as <c>vif29.0</c>.</summary>
    public string Vif { get; set; } = "";

    public BackRing? Tx { get; set; }

    public BackRing? Rx { get; set; }

    /// <summary>Frames from the guest, between their ring and the bridge.</summary>
    public NetbackTx FromGuest { get; set; } = new();

    /// <summary>Frames for the guest, between the bridge and their ring.</summary>
    public NetbackRx ToGuest { get; set; } = new();

    /// <summary>What the frontend says that it can.</summary>
    public NetbackFeatures Frontends { get; set; }

    /// <summary>The frontend has sent what no frontend sends: nothing passes until it reconnects.</summary>
    public bool Disabled { get; set; }

    /// <summary>Which connection this is: an answer for an earlier one is told apart by it.</summary>
    public int Round { get; set; }

    /// <summary>The single channel of both directions, or the one of the tx ring, has an event that is not over.</summary>
    public bool TxEventOpen { get; set; }

    public bool RxEventOpen { get; set; }

    public uint TxRef { get; set; }

    public uint RxRef { get; set; }

    public uint TxPort { get; set; }

    /// <summary>0 when one channel serves both directions.</summary>
    public uint RxPort { get; set; }

    public ActorRef Frontend { get; set; }

    /// <summary>Mappings of the rings.</summary>
    public List<uint> Handles { get; set; } = [];

    /// <summary>Own ports that are bound.</summary>
    public List<uint> Ports { get; set; } = [];

    /// <summary>Rings are mapped and channels bound; only the script may still be missing.</summary>
    public bool Attached { get; set; }

    public static NetbackState Create(BackendContext driver, string node) =>
        new() { Driver = driver, Device = new DeviceSwitch { Node = node } };
}
