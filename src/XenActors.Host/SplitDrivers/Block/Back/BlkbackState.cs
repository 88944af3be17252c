using XenActors.Abi;
using XenActors.Machine.Disks;
using XenActors.Simulation;
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

    /// <summary>What the frontend wants is asked for: protocol, queues, pages of a ring.</summary>
    RingKeys,

    /// <summary>Each queue's references and ports are asked for.</summary>
    RingRefs,

    /// <summary>Rings and channels are being mapped and bound.</summary>
    Mapping,

    /// <summary>Whether the toolstack still wants the device is asked for.</summary>
    Online,

    /// <summary>On the way out: the own state is looked at once more.</summary>
    Leaving,

    Closed,
}

[Codec]
public sealed partial class BlkbackState : IBackendState
{
    public required BackendContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public GrantRetries Retries { get; set; } = new();

    public BlkbackStep Step { get; set; }

    public bool PhysicalWatchPending { get; set; }

    /// <summary>The own directory is gone.</summary>
    public bool Removed { get; set; }

    /// <summary>The volume, once the script has named it; null before.</summary>
    public string? Volume { get; set; }

    /// <summary>Its number, once it is taken.</summary>
    public VolumeId VolumeId { get; set; }

    /// <summary>The device's number in this kernel, as MKDEV packs major and minor.</summary>
    public uint PhysicalDevice { get; set; }

    /// <summary>Of 512 bytes.</summary>
    public ulong Sectors { get; set; }

    public bool ReadOnly { get; set; }

    public uint DiscardGranularity { get; set; }

    public bool DiscardSecure { get; set; }

    public bool Barrier { get; set; }

    /// <summary>Of the volume, in bytes.</summary>
    public uint LogicalBlockSize { get; set; } = 512;

    public BlkifLayoutKind Layout { get; set; }

    /// <summary>Both ends keep pages mapped.</summary>
    public bool Persistent { get; set; }

    public List<BlkbackRing> Rings { get; set; } = [];

    /// <summary>Pages of each ring.</summary>
    public int RingPages { get; set; } = 1;

    /// <summary>The frontend names even a single page as the first of several.</summary>
    public bool MultiRef { get; set; }

    /// <summary>What this host's backend knows.</summary>
    public BlkbackFeatures Features { get; set; }

    /// <summary>The volume's size has changed and the frontend is to hear of it.</summary>
    public bool ResizePending { get; set; }

    /// <summary>The new size is being published.</summary>
    public bool Resizing { get; set; }

    /// <summary>The frontend's state is watched.</summary>
    public bool Watching { get; set; }

    /// <summary>Which try to map the rings this is: an answer to an earlier one is told apart by it.</summary>
    public int Attempt { get; set; }

    /// <summary>The frontend has closed, or the device is to go: what is in flight comes to its end first.</summary>
    public bool Draining { get; set; }

    /// <summary>What is left to do is to give everything back and to go.</summary>
    public bool Stopping { get; set; }

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
