using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A slot of the control ring. Source: <c>public/io/netif.h</c>.</summary>
[XenLayout("struct xen_netif_ctrl_request")]
public static class NetifCtrlRequest
{
    public const int SizeOf = 16;
    public const int IdOffset = 0;
    public const int TypeOffset = 2;
    public const int DataOffset = 4;
    public const int DataCount = 3;
    public const int DataStride = 4;

    public static ushort Id(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt16LittleEndian(page[IdOffset..]);

    public static void SetId(Span<byte> page, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(page[IdOffset..], value);

    public static ushort Type(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt16LittleEndian(page[TypeOffset..]);

    public static void SetType(Span<byte> page, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(page[TypeOffset..], value);
}
