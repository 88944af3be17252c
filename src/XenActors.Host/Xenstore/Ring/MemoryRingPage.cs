using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>A ring page in this process's memory.</summary>
[Codec]
public sealed partial class MemoryRingPage : IXenstoreRingPage
{
    public byte[] Bytes { get; private set; } = new byte[Gfn.PageSize];

    public bool TryLoad(out XenstoreRingIndices indices)
    {
        indices = new(
            XenstoreDomainInterface.ReqCons(Bytes), XenstoreDomainInterface.ReqProd(Bytes),
            XenstoreDomainInterface.RspCons(Bytes), XenstoreDomainInterface.RspProd(Bytes));
        return true;
    }

    public bool TryRead(int offset, Span<byte> to)
    {
        Bytes.AsSpan(offset, to.Length).CopyTo(to);
        return true;
    }

    public bool TryWrite(int offset, ReadOnlySpan<byte> from)
    {
        from.CopyTo(Bytes.AsSpan(offset));
        return true;
    }

    public bool TryAdvance(int offset, uint by)
    {
        var index = Bytes.AsSpan(offset, sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(index, unchecked(BinaryPrimitives.ReadUInt32LittleEndian(index) + by)); // indices wrap
        return true;
    }
}
