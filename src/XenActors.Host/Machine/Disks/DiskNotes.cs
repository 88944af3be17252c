using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>To observers: these sectors are on a volume's medium now, and stay there without power.</summary>
[Codec]
public readonly partial record struct MediumWritten(VolumeId Volume, ulong Sector, ReadOnlyMemory<byte> Data);

/// <summary>To observers: what these sectors hold is nobody's any more.</summary>
[Codec]
public readonly partial record struct MediumDiscarded(VolumeId Volume, ulong Sector, ulong Count);
