using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>To whoever serves a volume: somebody has made it longer or shorter (lvextend, losetup -c).</summary>
/// <param name="Sectors">Of 512 bytes, from now on.</param>
[Codec]
public readonly partial record struct DiskResized(VolumeId Volume, ulong Sectors);
