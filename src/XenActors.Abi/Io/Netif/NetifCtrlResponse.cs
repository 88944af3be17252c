using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The answer on the control ring. Source: <c>public/io/netif.h</c>.</summary>
[XenLayout("struct xen_netif_ctrl_response")]
public readonly record struct NetifCtrlResponse(ushort Id, ushort Type, NetifCtrlStatus Status, uint Data)
{
    public const int SizeOf = 12;
    public const int IdOffset = 0;
    public const int TypeOffset = 2;
    public const int StatusOffset = 4;
    public const int DataOffset = 8;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static NetifCtrlResponse Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(from[IdOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(from[TypeOffset..]),
        (NetifCtrlStatus)BinaryPrimitives.ReadUInt32LittleEndian(from[StatusOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[DataOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[IdOffset..], Id);
        BinaryPrimitives.WriteUInt16LittleEndian(to[TypeOffset..], Type);
        BinaryPrimitives.WriteUInt32LittleEndian(to[StatusOffset..], (uint)Status);
        BinaryPrimitives.WriteUInt32LittleEndian(to[DataOffset..], Data);
    }
}
