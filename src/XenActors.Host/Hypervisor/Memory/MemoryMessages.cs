using System.Collections.Immutable;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Memory;

/// <summary>A run of bytes of a guest's physical memory.</summary>
[Codec]
public readonly partial record struct MemoryExtent(ulong Address, uint Length);

/// <summary>
/// To a domain: these bytes, one after the other. From the device model, which has the guest's memory mapped (no hypercall and no exit), or
/// from the guest's own kernel. What lies outside of RAM reads as zeroes.
/// </summary>
[Codec]
public readonly partial record struct ReadGuestMemory(ImmutableArray<MemoryExtent> Extents, long Cookie)
{
    public override string ToString() => $"ReadGuestMemory {MemoryExtents.Text(Extents)} #{Cookie}";
}

[Codec]
public readonly partial record struct GuestMemoryRead(byte[] Data, long Cookie)
{
    public override string ToString() => $"GuestMemoryRead +{Data.Length} #{Cookie}";
}

/// <summary>To a domain: the bytes are in its memory from now on. What lies outside of RAM is lost. No answer.</summary>
[Codec]
public readonly partial record struct WriteGuestMemory(ImmutableArray<MemoryExtent> Extents, byte[] Data)
{
    public override string ToString() => $"WriteGuestMemory {MemoryExtents.Text(Extents)} +{Data.Length}";
}
