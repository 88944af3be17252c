using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A transmit slot; the first slot's size is the packet's. Source: <c>public/io/netif.h</c>.</summary>
[XenLayout("struct netif_tx_request")]
public readonly record struct NetifTxRequest(GrantRef Gref, ushort Offset, NetTxFlags Flags, ushort Id, ushort Size)
{
    public const int SizeOf = 12;
    public const int GrefOffset = 0;
    public const int OffsetOffset = 4;
    public const int FlagsOffset = 6;
    public const int IdOffset = 8;
    public const int SizeOffset = 10;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static NetifTxRequest Read(ReadOnlySpan<byte> from) => new(
        new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(from[GrefOffset..])),
        BinaryPrimitives.ReadUInt16LittleEndian(from[OffsetOffset..]),
        (NetTxFlags)BinaryPrimitives.ReadUInt16LittleEndian(from[FlagsOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(from[IdOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(from[SizeOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[GrefOffset..], Gref.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(to[OffsetOffset..], Offset);
        BinaryPrimitives.WriteUInt16LittleEndian(to[FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(to[IdOffset..], Id);
        BinaryPrimitives.WriteUInt16LittleEndian(to[SizeOffset..], Size);
    }
}
