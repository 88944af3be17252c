namespace XenActors.Machine.Disks;

/// <summary>To observers: these sectors are on a volume's medium now, and stay there without power.</summary>
public readonly record struct MediumWritten(VolumeId Volume, ulong Sector, ReadOnlyMemory<byte> Data);

/// <summary>To observers: what these sectors hold is nobody's any more.</summary>
public readonly record struct MediumDiscarded(VolumeId Volume, ulong Sector, ulong Count);
