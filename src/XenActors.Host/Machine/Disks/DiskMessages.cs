using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>To a host's disk actor: whole 512-byte sectors of a volume, which is known by the path that the configuration names.</summary>
[Codec]
public readonly partial record struct DiskRead(string Volume, ulong Sector, uint Count, long Cookie);

[Codec]
public readonly partial record struct DiskWrite(string Volume, ulong Sector, byte[] Data, long Cookie)
{
    public override string ToString() => $"DiskWrite {Volume} @{Sector} +{Data.Length} #{Cookie}";
}

/// <summary>All writes that were answered before are durable.</summary>
[Codec]
public readonly partial record struct DiskFlush(string Volume, long Cookie);

/// <summary>The answer to each of them; a read's bytes.</summary>
[Codec]
public readonly partial record struct DiskDone(long Cookie, bool Ok, byte[] Data)
{
    public override string ToString() => $"DiskDone #{Cookie} ok={Ok} +{Data.Length}";
}
