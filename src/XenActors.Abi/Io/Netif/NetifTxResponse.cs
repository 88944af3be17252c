using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The answer in a transmit slot. Source: <c>public/io/netif.h</c>.</summary>
[XenLayout("struct netif_tx_response")]
public readonly record struct NetifTxResponse(ushort Id, NetifStatus Status)
{
    public const int SizeOf = 4;
    public const int IdOffset = 0;
    public const int StatusOffset = 2;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static NetifTxResponse Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(from[IdOffset..]),
        (NetifStatus)BinaryPrimitives.ReadInt16LittleEndian(from[StatusOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[IdOffset..], Id);
        BinaryPrimitives.WriteInt16LittleEndian(to[StatusOffset..], (short)Status);
    }
}
