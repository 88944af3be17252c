using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>From the kernel to its block layer: the partition table of a disk has been read.</summary>
[Codec]
public sealed partial record PartitionsFound(string Disk, List<GuestPartition> Partitions);
