using XenActors.Abi;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Block.Back;

public enum BlkbackStep
{
    Probe,

    /// <summary>Keys are published; the state's transaction follows.</summary>
    Announce,
    /// <summary>Idle: woken by the watches.</summary>
    Waiting,

    /// <summary>The hotplug script has named the device: its keys are asked for.</summary>
    PhysicalDevice,

    /// <summary>QEMU's: whether the disk is writable is asked for.</summary>
    QdiskMode,

    /// <summary>The frontend's ring keys are asked for.</summary>
    RingKeys,

    /// <summary>Ring and channel are being mapped and bound.</summary>
    Mapping,

    Closed,
}

/// <summary>A request at the disk.</summary>
[Codec]
public sealed partial class BlkbackRequest
{
    public ulong Id { get; set; }

    public BlkifOp Operation { get; set; }

    public ulong Sector { get; set; }

    /// <summary>Per segment: grant, first sector, last sector.</summary>
    public List<uint> Refs { get; set; } = [];

    public List<byte> First { get; set; } = [];

    public List<byte> Last { get; set; } = [];

    public List<uint> Handles { get; set; } = [];

    public byte[] Pages { get; set; } = [];

    public BlkifStatus Status { get; set; }
}

[Codec]
public sealed partial class BlkbackState : IBackendState
{
    public required BackendContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public BlkbackStep Step { get; set; }

    public bool PhysicalWatchPending { get; set; }

    /// <summary>The volume, once the script has named it; null before.</summary>
    public string? Volume { get; set; }

    /// <summary>Its number, once it is taken.</summary>
    public VolumeId VolumeId { get; set; }

    public ulong Sectors { get; set; }

    public bool ReadOnly { get; set; }

    public uint DiscardGranularity { get; set; }

    public bool Barrier { get; set; }

    public BlkifLayoutKind Layout { get; set; }

    public BackRing? Ring { get; set; }

    public uint RingRef { get; set; }

    /// <summary>The ring's mapping; 0 while there is none.</summary>
    public uint RingHandle { get; set; }

    public ActorRef Frontend { get; set; }

    /// <summary>The frontend's port; once <see cref="Bound"/>, the own one.</summary>
    public uint Port { get; set; }

    public bool Bound { get; set; }

    /// <summary>By cookie: requests between ring and disk.</summary>
    public SortedDictionary<long, BlkbackRequest> Requests { get; set; } = [];

    public long NextCookie { get; set; } = 1;

    /// <summary>The frontend broke its ring: this device serves nobody any more.</summary>
    public bool Halted { get; set; }

    public static BlkbackState Create(BackendContext driver, string node) =>
        new() { Driver = driver, Device = new DeviceSwitch { Node = node } };

    /// <summary>A disk that QEMU serves and has already brought to InitWait.</summary>
    public static BlkbackState CreateQdisk(BackendContext driver, string node, string volume) =>
        new() { Driver = driver, Device = DeviceSwitch.At(node, XenbusState.InitWait), Volume = volume };
}

public enum BlkifLayoutKind
{
    X86_64,
    X86_32,
}
