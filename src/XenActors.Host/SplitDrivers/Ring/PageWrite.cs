using XenActors.Simulation;

namespace XenActors.SplitDrivers.Ring;

/// <summary>
/// Bytes that a producer wrote into a page that both ends share, before it published. Publishing is a memory barrier, so they arrive with the
/// slots and cost no grant operation. They never cross the page's end; a receiver leaves out what does.
/// </summary>
/// <param name="Ref">The page's grant reference in the granting domain.</param>
/// <param name="Offset">In bytes, from the page's beginning.</param>
/// <param name="Bytes">May be a slice of a larger body, which nobody changes any more.</param>
[Codec]
public readonly partial record struct PageWrite(uint Ref, ushort Offset, ReadOnlyMemory<byte> Bytes);
