using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>One request of the block layer. What does not fit into one ring request goes through the ring in several, one after the other.</summary>
[Codec]
public sealed partial class BlkfrontIo
{
    /// <summary>Nobody while the slab's place is free.</summary>
    public ActorRef Asker { get; set; }

    public long Cookie { get; set; }

    /// <summary>Counts the requests: what is queued anew goes in the order in which it came.</summary>
    public long Serial { get; set; }

    public BlockOperation Operation { get; set; }

    public BlockFlags Flags { get; set; }

    public ulong Sector { get; set; }

    public uint Count { get; set; }

    /// <summary>What a write writes, or what a read that went in parts has brought so far.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>Sectors that have been given to ring requests.</summary>
    public uint Begun { get; set; }

    /// <summary>The last part has been given to a ring request.</summary>
    public bool AllBegun { get; set; }

    /// <summary>Ring requests that are out.</summary>
    public int Out { get; set; }

    public BlockStatus Status { get; set; }

    /// <summary>The queue that it goes through.</summary>
    public int Queue { get; set; }

    /// <summary>As it was before any of it was put on a ring.</summary>
    public void Rewind()
    {
        Begun = 0;
        AllBegun = false;
        Out = 0;
        Status = BlockStatus.Ok;
        if (Operation == BlockOperation.Read)
        {
            Data = [];
        }
    }
}
