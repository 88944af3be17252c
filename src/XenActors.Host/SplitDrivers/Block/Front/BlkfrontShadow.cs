using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Front;

public enum ShadowStatus : byte
{
    Free,

    /// <summary>Its pages are being granted.</summary>
    Granting,

    /// <summary>REQ_WAITING: the backend has it, and has not answered.</summary>
    Waiting,

    /// <summary>Answered; its grants are being ended.</summary>
    Ending,
}

/// <summary>What the frontend remembers of a request on the ring, by its id: Linux' <c>struct blk_shadow</c>.</summary>
[Codec]
public sealed partial class BlkfrontShadow
{
    public ShadowStatus Status { get; set; }

    /// <summary>The next free id; the list's end is -1.</summary>
    public int NextFree { get; set; }

    /// <summary>The place of the block layer's request.</summary>
    public int Io { get; set; }

    /// <summary>As it stands in the slot, for an indirect request the inner operation.</summary>
    public BlkifOp Operation { get; set; }

    /// <summary>Where its sectors begin in the block layer's request.</summary>
    public uint From { get; set; }

    public uint Count { get; set; }

    public int Segments { get; set; }

    public int IndirectPages { get; set; }

    /// <summary>Places of its pages in the ring's pool: data first, then indirect pages.</summary>
    public int[] Buffers { get; set; } = [];

    public BlkifStatus Answer { get; set; }
}
