using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>What a disk can be asked for: Linux' <c>REQ_OP_*</c>.</summary>
public enum BlockOperation : byte
{
    Read,
    Write,

    /// <summary>All writes that were answered before become durable. No sectors.</summary>
    Flush,

    /// <summary>The sectors' contents are not needed any more; what a read brings then is the disk's choice.</summary>
    Discard,

    /// <summary>As <see cref="Discard"/>, and nobody can read the old contents any more.</summary>
    SecureErase,
}

[Flags]
public enum BlockFlags : byte
{
    None = 0,

    /// <summary>REQ_PREFLUSH: a flush first.</summary>
    Preflush = 1,

    /// <summary>REQ_FUA: answered when these sectors are durable.</summary>
    Fua = 2,
}

public enum BlockStatus : byte
{
    Ok,

    /// <summary>BLK_STS_IOERR</summary>
    IoError,

    /// <summary>BLK_STS_NOTSUPP: the disk will never do this.</summary>
    NotSupported,
}

/// <summary>
/// From the block layer to a disk driver: whole sectors of 512 bytes, within the disk's <see cref="DiskLimits"/>. <see cref="Data"/> has a write's
/// bytes and is empty for all else. Nobody changes a body's bytes after it has been sent.
/// </summary>
[Codec]
public readonly partial record struct BlockRequest(long Cookie, BlockOperation Operation, BlockFlags Flags, ulong Sector, uint Count, byte[] Data)
{
    public static BlockRequest Read(long cookie, ulong sector, uint count) => new(cookie, BlockOperation.Read, BlockFlags.None, sector, count, []);

    public override string ToString() => $"BlockRequest #{Cookie} {Operation} {Flags} @{Sector} +{Count}";
}

/// <summary>From a disk driver: a request has ended. <see cref="Data"/> has the sectors that a read brought.</summary>
[Codec]
public readonly partial record struct BlockDone(long Cookie, BlockStatus Status, byte[] Data)
{
    public bool Ok => Status == BlockStatus.Ok;

    public override string ToString() => $"BlockDone #{Cookie} {Status} +{Data.Length}";
}
