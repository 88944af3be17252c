using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A disk or partition that a user has open.</summary>
[Codec]
public sealed partial class BlockHandle
{
    public required ActorRef User { get; init; }

    public required string Device { get; init; }

    public required BlockOpenFlags Flags { get; init; }

    /// <summary>The disk's place in <see cref="BlockLayerState.Queues"/>.</summary>
    public required int Disk { get; init; }

    /// <summary>The partition's number; 0 for the whole disk.</summary>
    public int Partition { get; init; }

    /// <summary>Where the device begins and how long it is, in sectors of the disk.</summary>
    public ulong Start { get; set; }

    public ulong Sectors { get; set; }

    /// <summary>Failed writebacks of the disk that this user has been told of (errseq).</summary>
    public long ErrorsSeen { get; set; }

    /// <summary>The page behind the last buffered read: a read that begins here is sequential.</summary>
    public ulong NextPage { get; set; }
}
