using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A page posted for reception. Source: <c>public/io/netif.h</c>.</summary>
[XenLayout("struct netif_rx_request")]
public readonly record struct NetifRxRequest(ushort Id, GrantRef Gref)
{
    public const int SizeOf = 8;
    public const int IdOffset = 0;
    public const int GrefOffset = 4;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static NetifRxRequest Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(from[IdOffset..]),
        new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(from[GrefOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[IdOffset..], Id);
        BinaryPrimitives.WriteUInt32LittleEndian(to[GrefOffset..], Gref.Value);
    }
}
