using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>To observers: a kernel's block layer has given out a handle.</summary>
/// <param name="Disk">The disk's place in that block layer.</param>
/// <param name="Driver">The disk's driver.</param>
/// <param name="Start">The handle's first sector on the disk.</param>
/// <param name="Direct">O_DIRECT: past the page cache.</param>
[Codec]
public readonly partial record struct BlockHandleOpened(uint Handle, int Disk, ActorRef Driver, ulong Start, bool Direct);
