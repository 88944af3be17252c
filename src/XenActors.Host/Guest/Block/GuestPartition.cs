using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A partition; sectors of 512 bytes.</summary>
[Codec]
public readonly partial record struct GuestPartition(int Number, ulong Start, ulong Sectors);
