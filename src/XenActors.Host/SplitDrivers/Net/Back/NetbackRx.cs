using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>A frame that waits for the guest's buffers, and until when.</summary>
[Codec]
public readonly partial record struct NetbackRxQueued(NetFrame Frame, VirtualTime Expires);

/// <summary>A response that goes out when its page is written; for a slot of extra information only type and size of the segments count.</summary>
[Codec]
public readonly partial record struct NetbackRxSlot(ushort Id, NetRxFlags Flags, short Size, NetifGsoType GsoType, ushort GsoSize)
{
    public bool IsExtra => GsoType != NetifGsoType.None;
}

/// <summary>One vif's frames for its guest. Counters are those of sysfs: what the guest receives, the vif sends.</summary>
[Codec]
public sealed partial class NetbackRx
{
    public Queue<NetbackRxQueued> Queue { get; set; } = [];

    public long QueueBytes { get; set; }

    /// <summary>A GNTTABOP_copy is out.</summary>
    public bool Copying { get; set; }

    /// <summary>The copy that is out, while it is.</summary>
    public CopyToGrants? Copy { get; set; }

    public List<NetbackRxSlot> Slots { get; set; } = [];

    /// <summary>The guest has posted no buffer for too long: the carrier is off. So it begins, too.</summary>
    public bool Stalled { get; set; }

    /// <summary>When a frame was last put into the guest's buffers.</summary>
    public VirtualTime LastTime { get; set; }

    /// <summary>The look at the queue's head is planned.</summary>
    public bool Planned { get; set; }

    public long Count { get; set; }

    public long Bytes { get; set; }

    /// <summary>Frames that found the queue full, the carrier off, or waited too long.</summary>
    public long Dropped { get; set; }

    /// <summary>Buffers that could not be written to.</summary>
    public long Errors { get; set; }
}
