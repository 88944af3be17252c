using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The argument of HVMOP_set_param and HVMOP_get_param. Source: <c>public/hvm/hvm_op.h</c>.</summary>
[XenLayout("struct xen_hvm_param")]
public readonly record struct XenHvmParam(DomId Domid, HvmParam Index, ulong Value)
{
    public const int SizeOf = 16;
    public const int DomidOffset = 0;
    public const int IndexOffset = 4;
    public const int ValueOffset = 8;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static XenHvmParam Read(ReadOnlySpan<byte> from) => new(
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomidOffset..])),
        (HvmParam)BinaryPrimitives.ReadUInt32LittleEndian(from[IndexOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[ValueOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomidOffset..], Domid.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[IndexOffset..], (uint)Index);
        BinaryPrimitives.WriteUInt64LittleEndian(to[ValueOffset..], Value);
    }
}
