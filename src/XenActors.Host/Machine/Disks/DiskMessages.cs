using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>To a host's disk actor: whole 512-byte sectors of a volume.</summary>
[Codec]
public readonly partial record struct DiskRead(VolumeId Volume, ulong Sector, uint Count, long Cookie);

[Codec]
public readonly partial record struct DiskWrite(VolumeId Volume, ulong Sector, byte[] Data, bool Fua, long Cookie)
{
    public override string ToString() => $"DiskWrite {Volume} @{Sector} +{Data.Length} fua={Fua} #{Cookie}";
}

/// <summary>All writes that were answered before are durable.</summary>
[Codec]
public readonly partial record struct DiskFlush(VolumeId Volume, long Cookie);

/// <summary>The sectors' contents are not needed any more.</summary>
[Codec]
public readonly partial record struct DiskDiscard(VolumeId Volume, ulong Sector, ulong Count, bool Secure, long Cookie);

public enum DiskStatus : byte
{
    Ok,

    /// <summary>EIO</summary>
    IoError,

    /// <summary>EOPNOTSUPP</summary>
    NotSupported,

    /// <summary>ENOSPC: the file behind the volume cannot grow.</summary>
    NoSpace,
}

/// <summary>The answer to each of them; a read's bytes.</summary>
[Codec]
public readonly partial record struct DiskDone(long Cookie, DiskStatus Status, byte[] Data)
{
    public bool Ok => Status == DiskStatus.Ok;

    public override string ToString() => $"DiskDone #{Cookie} {Status} +{Data.Length}";
}

/// <summary>The disk's own timer: what has lain in the cache for a while goes to the medium.</summary>
[Codec]
public readonly partial record struct DestageDue;

/// <summary>
/// The host's power is gone: of every sector that was written and neither flushed nor destaged, either the old contents remain or the new. Nothing is
/// answered from now on; what is on its way as an answer was neither of the two.
/// </summary>
[Codec]
public readonly partial record struct PowerLost;
