using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>One data slot of a frame: what its response names, and how many slots of extra information follow it.</summary>
[Codec]
public readonly partial record struct NetbackTxSlot(ushort Id, int Extras, uint Ref, ushort Offset, ushort Size);

/// <summary>A frame whose pages are being copied.</summary>
[Codec]
public readonly partial record struct NetbackTxFrame(int Slots, NetTxFlags Flags, NetifGsoType GsoType, ushort GsoSize);

/// <summary>One vif's frames from its guest. Counters are those of sysfs: what the guest sends, the vif receives.</summary>
[Codec]
public sealed partial class NetbackTx
{
    /// <summary>A GNTTABOP_copy is out; nothing more is taken from the ring.</summary>
    public bool Copying { get; set; }

    public List<NetbackTxSlot> Slots { get; set; } = [];

    public List<NetbackTxFrame> Frames { get; set; } = [];

    /// <summary>Frames handed to the kernel.</summary>
    public long Count { get; set; }

    public long Bytes { get; set; }

    /// <summary>Frames that were refused, or whose pages could not be copied.</summary>
    public long Errors { get; set; }

    /// <summary>Frames with a blank checksum that is in no known header.</summary>
    public long Dropped { get; set; }

    /// <summary>Multicast addresses that the guest has asked for.</summary>
    public List<MacAddress> Multicast { get; set; } = [];
}
