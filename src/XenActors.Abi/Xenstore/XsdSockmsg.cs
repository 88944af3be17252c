using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The header of every xenstore message. Source: <c>public/io/xs_wire.h</c>.</summary>
[XenLayout("struct xsd_sockmsg")]
public readonly record struct XsdSockmsg(uint Type, uint ReqId, uint TxId, uint Len)
{
    public const int SizeOf = 16;
    public const int TypeOffset = 0;
    public const int ReqIdOffset = 4;
    public const int TxIdOffset = 8;
    public const int LenOffset = 12;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static XsdSockmsg Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from[TypeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[ReqIdOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[TxIdOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[LenOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[TypeOffset..], Type);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ReqIdOffset..], ReqId);
        BinaryPrimitives.WriteUInt32LittleEndian(to[TxIdOffset..], TxId);
        BinaryPrimitives.WriteUInt32LittleEndian(to[LenOffset..], Len);
    }
}
