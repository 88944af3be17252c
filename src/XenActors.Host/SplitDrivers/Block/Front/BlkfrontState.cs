using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Block.Front;

public enum BlkfrontStep
{
    /// <summary>The backend's address is asked for.</summary>
    Probe,

    /// <summary>The device's own keys are asked for.</summary>
    Describe,

    /// <summary>The watch on the backend's state is set; waiting for it to fire.</summary>
    Watching,

    /// <summary>The backend's limits are asked for, before the rings are made.</summary>
    Limits,

    /// <summary>Grants and event channels are asked for.</summary>
    Resources,

    /// <summary>The disk's properties are asked for.</summary>
    Properties,

    /// <summary>The disk's new size is asked for.</summary>
    Resize,

    /// <summary>After a resume the backend's address is asked for anew.</summary>
    Resume,

    /// <summary>Nothing more to do: failed, or closed.</summary>
    Settled,
}

/// <summary>Linux' <c>enum blkif_state</c>.</summary>
public enum BlkifState
{
    Disconnected,
    Connected,

    /// <summary>The domain was suspended: what was in flight is kept for the new connection.</summary>
    Suspended,

    /// <summary>The backend broke the protocol: the disk is dead.</summary>
    Error,
}

[Codec]
public sealed partial class BlkfrontState : IFrontendState
{
    public required DriverContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    /// <summary>The kernel is a 32-bit one, and so are its rings' entries.</summary>
    public bool X86_32 { get; init; }

    /// <summary>Since 5.16 (XSA-391) the backend is not trusted with the frequency of its events.</summary>
    public bool LateEoi { get; init; }

    public XenstoreClient Xs { get; set; } = new();

    public BlkfrontStep Step { get; set; }

    public uint VirtualDevice { get; set; }

    public string DiskName { get; set; } = "";

    public BlkifState Connected { get; set; }

    /// <summary>The kernel knows the disk.</summary>
    public bool Appeared { get; set; }

    public List<BlkfrontRing> Rings { get; set; } = [];

    public BlkfrontFeatures Features { get; set; } = BlkfrontFeatures.None;

    /// <summary>Of 512 bytes.</summary>
    public ulong Sectors { get; set; }

    /// <summary>The block layer's requests; a place without an asker is free.</summary>
    public List<BlkfrontIo> Ios { get; set; } = [];

    public List<int> FreeIos { get; set; } = [];

    public long NextSerial { get; set; }

    /// <summary>Requests that wait for a connection.</summary>
    public List<int> Requeued { get; set; } = [];

    /// <summary>The queue that the next request goes to: the kernel's CPUs take turns.</summary>
    public int NextQueue { get; set; }

    /// <summary>Counts the connections: an answer that belongs to an earlier one is told apart by it.</summary>
    public int Round { get; set; }

    /// <summary>The disk was in use when its backend closed: it closes with its last user.</summary>
    public bool Refused { get; set; }

    /// <summary>Between the block layer's buffers and pages that stay granted.</summary>
    public long BytesCopied { get; set; }

    public static BlkfrontState Create(DriverContext driver, string node) => new()
    {
        Driver = driver,
        Device = new DeviceSwitch { Node = node },
        X86_32 = driver.Profile.Has("x86-32"),
        LateEoi = driver.Profile.Has("blkfront-late-eoi"),
    };
}
