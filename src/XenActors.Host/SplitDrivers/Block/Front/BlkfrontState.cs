using XenActors.Abi;
using XenActors.Guest;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
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

    /// <summary>The backend's limits are asked for, before the ring is made.</summary>
    Limits,

    /// <summary>Grant and event channel are asked for.</summary>
    Resources,

    /// <summary>The disk's properties are asked for.</summary>
    Properties,

    /// <summary>Nothing more to do: connected, or failed.</summary>
    Settled,
}

/// <summary>One request to the block layer on its way through the ring.</summary>
[Codec]
public sealed partial class BlkfrontRequest
{
    public ActorRef Asker { get; set; }

    public long Cookie { get; set; }

    public ulong Sector { get; set; }

    public uint Count { get; set; }

    /// <summary>Of the buffer, in the order of its pages; empty until they are granted.</summary>
    public List<uint> Refs { get; set; } = [];

    /// <summary>The backend has it, and has not answered.</summary>
    public bool OnRing { get; set; }

    public bool Failed { get; set; }
}

[Codec]
public sealed partial class BlkfrontState : IFrontendState
{
    public required DriverContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public BlkfrontStep Step { get; set; }

    public uint VirtualDevice { get; set; }

    public string DiskName { get; set; } = "";

    public FrontRing? Ring { get; set; }

    public uint RingRef { get; set; }

    public uint Port { get; set; }

    /// <summary>The backend, once it has mapped the ring.</summary>
    public ActorRef Backend { get; set; }

    /// <summary>By request id: what is out.</summary>
    public SortedDictionary<ulong, BlkfrontRequest> Requests { get; set; } = [];

    public ulong NextId { get; set; } = 1;

    /// <summary>Whether the backend broke the ring: the device is dead.</summary>
    public bool Broken { get; set; }

    public static BlkfrontState Create(DriverContext driver, string node) => new() { Driver = driver, Device = new DeviceSwitch { Node = node } };
}
