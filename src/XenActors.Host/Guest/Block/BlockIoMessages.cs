using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>What Linux' system calls on a block device answer with, and its numbers (<c>asm-generic/errno.h</c>).</summary>
public enum BlockErrno : byte
{
    None = 0,
    EPERM = 1,
    EIO = 5,
    ENXIO = 6,
    EBADF = 9,
    EINVAL = 22,
    ENOSPC = 28,
    EOPNOTSUPP = 95,
    ENOMEDIUM = 123,
}

[Flags]
public enum BlockOpenFlags : byte
{
    None = 0,

    /// <summary>O_DIRECT: past the page cache. Pages that it holds of the same sectors are written out before, and dropped by a write.</summary>
    Direct = 1,

    /// <summary>O_RDONLY: what would change the disk is EBADF.</summary>
    ReadOnly = 2,

    /// <summary>Where there is no such device yet, the answer waits until there is one, as udev's users wait.</summary>
    Wait = 4,
}

/// <summary>From a user to a kernel's block layer: open a disk or a partition, called as in <c>/dev</c>: <c>xvda</c>, <c>xvda3</c>, <c>sda</c>.</summary>
[Codec]
public readonly partial record struct BlockOpen(string Device, BlockOpenFlags Flags, long Cookie);

/// <summary>The answer: ENXIO when there is no such device, ENOMEDIUM for an empty drive.</summary>
[Codec]
public readonly partial record struct BlockOpened(long Cookie, BlockErrno Error, uint Handle, BlockGeometry Geometry);

/// <summary>What a user can know of an open device. Sectors of 512 bytes; the rest in bytes.</summary>
/// <param name="MaxSectors">The greatest request that reaches the disk in one piece.</param>
/// <param name="DiscardGranularity">0 when it cannot discard.</param>
/// <param name="WriteCache">What was answered may be lost with the host's power until it is synced.</param>
[Codec]
public readonly partial record struct BlockGeometry(
    ulong Sectors, uint LogicalBlockSize, uint PhysicalBlockSize, uint MaxSectors, uint DiscardGranularity, bool ReadOnly, bool WriteCache, bool Fua);

public enum BlockIoOperation : byte
{
    Read,
    Write,

    /// <summary>fsync(2): all that was written through any handle of the disk, and answered, is durable. No sectors.</summary>
    Sync,

    /// <summary>BLKDISCARD: the contents are not needed any more; what a read brings then is the disk's choice.</summary>
    Discard,

    /// <summary>BLKZEROOUT: the sectors read as zeroes.</summary>
    WriteZeroes,

    /// <summary>BLKSECDISCARD</summary>
    SecureDiscard,
}

[Flags]
public enum BlockIoFlags : byte
{
    None = 0,

    /// <summary>RWF_DSYNC: answered when these sectors are durable.</summary>
    Dsync = 1,
}

/// <summary>
/// From a user: sectors of an open device, any number of them anywhere within it; <see cref="Data"/> has a write's bytes and is empty for all else.
/// Many may be under way at once; they are answered in the order in which they end. Nobody changes a body's bytes after it has been sent.
/// </summary>
[Codec]
public readonly partial record struct BlockIo(
    uint Handle, BlockIoOperation Operation, BlockIoFlags Flags, ulong Sector, uint Count, byte[] Data, long Cookie)
{
    public override string ToString() => $"BlockIo {Handle} {Operation} {Flags} @{Sector} +{Count} #{Cookie}";
}

/// <summary>
/// The answer, with the sectors that a read brought: EIO from the disk (for a buffered write at the next sync), EINVAL for a read behind the device's end or where
/// O_DIRECT is not aligned to its blocks, EPERM for a write to a disk that may only be read, ENOSPC for one behind its end, EOPNOTSUPP, EBADF for a handle
/// that is not open (so), ENXIO when the disk has gone.
/// </summary>
[Codec]
public readonly partial record struct BlockIoDone(long Cookie, BlockErrno Error, byte[] Data)
{
    public bool Ok => Error == BlockErrno.None;

    public override string ToString() => $"BlockIoDone #{Cookie} {Error} +{Data.Length}";
}

/// <summary>From a user: the handle is not used any more. What is under way is still answered. As with close(2), nothing is synced.</summary>
[Codec]
public readonly partial record struct BlockClose(uint Handle);

/// <summary>To everybody who has it open: the disk has gone (<see cref="BlockGeometry.Sectors"/> 0) or has another size now.</summary>
[Codec]
public readonly partial record struct BlockChanged(uint Handle, BlockGeometry Geometry);

/// <summary>From a user: <c>sync</c>, for all disks.</summary>
[Codec]
public readonly partial record struct BlockSyncAll(long Cookie);

/// <summary>The answer.</summary>
[Codec]
public readonly partial record struct BlockSynced(long Cookie, BlockErrno Error);

/// <summary>From a user: <c>echo 1 >/proc/sys/vm/drop_caches</c>: clean pages go, dirty ones stay.</summary>
[Codec]
public readonly partial record struct DropCaches(long Cookie);

/// <summary>The answer: how many pages of 4 KiB went.</summary>
[Codec]
public readonly partial record struct CachesDropped(long Cookie, long Pages);
