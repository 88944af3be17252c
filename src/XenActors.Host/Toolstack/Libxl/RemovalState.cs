using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>What becomes of a device whose guest does not let go (libxl__force).</summary>
public enum RemovalForce : byte
{
    /// <summary>LIBXL__FORCE_OFF: it stays, and the command fails.</summary>
    Off,

    /// <summary>LIBXL__FORCE_AUTO: after ten seconds it is forced.</summary>
    Auto,

    /// <summary>LIBXL__FORCE_ON: the frontend's directory goes first.</summary>
    On,
}

/// <summary>How far a device's removal is.</summary>
public enum RemovalPhase : byte
{
    /// <summary>Its backend is to be told, in a transaction.</summary>
    Telling,

    /// <summary>The backend is watched until it is Closed.</summary>
    Watching,

    /// <summary>QEMU has gone, or may have: two seconds' grace (LIBXL_QEMU_BODGE_TIMEOUT), then its state is written for it.</summary>
    Grace,
    Bodging,

    /// <summary>Which scripts its backend names is read.</summary>
    ReadingScript,
    Scripts,

    /// <summary>Its directories go.</summary>
    Erasing,
    Done,
}

/// <summary>A device that is being removed.</summary>
[Codec]
public sealed partial class RemovedDevice
{
    /// <summary><c>vbd</c>, <c>vif</c>, ...</summary>
    public required string Type { get; init; }

    public required string Front { get; init; }

    public required string Back { get; init; }

    /// <summary>libxl's copy; empty where the toolstack keeps none.</summary>
    public required string Private { get; init; }

    public required string Token { get; init; }

    public RemovalForce Force { get; set; }

    public RemovalPhase Phase { get; set; }

    /// <summary>It waits for the store: its phase's requests are to be made.</summary>
    public bool Ready { get; set; }

    /// <summary>The backend's state has changed while it was being read.</summary>
    public bool Fired { get; set; }

    public TimerId Timer { get; set; }

    /// <summary>Scripts that are still to run: a vif's, then its tap's.</summary>
    public List<string> Scripts { get; private set; } = [];

    public ActorRef Script { get; set; }

    /// <summary>The guest did not let go in time, and it was not forced.</summary>
    public bool Failed { get; set; }

    /// <summary>backend/TYPE/DOMAIN/DEVID, relative to the backend's domain, as scripts are given it.</summary>
    public string XenbusPath => Back[Back.IndexOf("backend/", StringComparison.Ordinal)..];

    /// <summary><c>vbd</c>, <c>qdisk</c>, <c>vif</c>, ...</summary>
    public string Kind => XenbusPath.Split('/')[1];

    /// <summary>QEMU_BACKEND</summary>
    public bool IsQemus => Kind is "qdisk" or "vfb" or "vkbd";
}

/// <summary>What the removal of a domain does next.</summary>
public enum RemovalStep : byte
{
    /// <summary>The hypervisor is asked how the domain is.</summary>
    Asking,

    /// <summary>Its device model's directory goes, and the device model.</summary>
    EndingDeviceModel,
    ListingTypes,
    ListingDevices,
    ReadingBackends,
    RemovingDevices,

    /// <summary>The domain's own nodes go.</summary>
    Erasing,

    /// <summary>The hypervisor destroys it.</summary>
    Destroying,
    Ended,
}

/// <summary>One run of libxl__domain_destroy, or the removal of one device.</summary>
[Codec]
public sealed partial class RemovalState
{
    public required ushort Domain { get; set; }

    public required HostProfile Host { get; set; }

    public required Dom0Peers Peers { get; set; }

    public required XenstoreClient Xs { get; set; }

    /// <summary>QEMU of this domain; nobody where there is none.</summary>
    public ActorRef DeviceModel { get; set; }

    /// <summary>The one device to be removed, as <c>vbd/51728</c>; empty when the whole domain goes.</summary>
    public string Only { get; set; } = "";

    /// <summary>What happens to <see cref="Only"/> when the guest does not let go.</summary>
    public RemovalForce Force { get; set; } = RemovalForce.On;

    /// <summary>All devices go, the domain stays: as for a guest that is about to be restored in place.</summary>
    public bool KeepsDomain { get; set; }

    public RemovalStep Step { get; set; }

    public StoreBatch Batch { get; set; } = new();

    public List<string> Types { get; set; } = [];

    public List<string> Nodes { get; set; } = [];

    public List<RemovedDevice> Devices { get; private set; } = [];

    /// <summary>The device whose requests are being answered; -1 for none.</summary>
    public int Current { get; set; } = -1;

    public DomainInfo Info { get; set; }

    /// <summary>libxl's lines about what went wrong.</summary>
    public List<string> Errors { get; private set; } = [];
}
