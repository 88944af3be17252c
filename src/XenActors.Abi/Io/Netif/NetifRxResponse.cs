using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A received fragment: status is its length, or a negative <see cref="NetifStatus"/>. Source: <c>public/io/netif.h</c>.</summary>
[XenLayout("struct netif_rx_response")]
public readonly record struct NetifRxResponse(ushort Id, ushort Offset, NetRxFlags Flags, short Status)
{
    public const int SizeOf = 8;
    public const int IdOffset = 0;
    public const int OffsetOffset = 2;
    public const int FlagsOffset = 4;
    public const int StatusOffset = 6;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static NetifRxResponse Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(from[IdOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(from[OffsetOffset..]),
        (NetRxFlags)BinaryPrimitives.ReadUInt16LittleEndian(from[FlagsOffset..]),
        BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[IdOffset..], Id);
        BinaryPrimitives.WriteUInt16LittleEndian(to[OffsetOffset..], Offset);
        BinaryPrimitives.WriteUInt16LittleEndian(to[FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], Status);
    }
}
