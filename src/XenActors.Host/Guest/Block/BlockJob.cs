using XenActors.Simulation;

namespace XenActors.Guest.Block;

public enum BlockJobKind : byte
{
    /// <summary>A user's.</summary>
    User,

    /// <summary>Pages are read into the cache.</summary>
    Fill,

    /// <summary>Dirty pages go to the disk.</summary>
    Writeback,
}

public enum BlockJobStage : byte
{
    /// <summary>What the cache holds of these sectors is written out first, where the job goes past it.</summary>
    Prepare,

    Transfer,

    /// <summary>What was transferred is made durable, where that was asked.</summary>
    Flush,

    Done,
}

/// <summary>Something that needs requests of a disk, none or many, one stage after the other.</summary>
[Codec]
public sealed partial class BlockJob
{
    public required BlockJobKind Kind { get; init; }

    /// <summary>The disk's place in <see cref="BlockLayerState.Queues"/>.</summary>
    public required int Disk { get; init; }

    public required BlockIoOperation Operation { get; init; }

    public bool Direct { get; init; }

    public bool Dsync { get; init; }

    /// <summary>Of the disk, not of a partition.</summary>
    public ulong Sector { get; set; }

    public uint Count { get; set; }

    /// <summary>What is written; what a read has brought.</summary>
    public byte[] Data { get; set; } = [];

    public BlockJobStage Stage { get; set; }

    /// <summary>What must end before the job goes on.</summary>
    public int Pending { get; set; }

    public BlockErrno Error { get; set; }

    public ActorRef Asker { get; init; }

    public long Cookie { get; init; }

    public uint Handle { get; init; }

    /// <summary>The job that waits for this fill; -1 for none.</summary>
    public int Parent { get; init; } = -1;

    /// <summary>The <c>sync</c> for all disks that this one belongs to; -1 for none.</summary>
    public int SyncAll { get; init; } = -1;

    /// <summary>A sync's: pages dirtied up to this epoch.</summary>
    public long Epoch { get; set; }

    public ulong End => Sector + Count;
}
