using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A guest's xenstore page. Source: <c>public/io/xs_wire.h</c>.</summary>
[XenLayout("struct xenstore_domain_interface")]
public static class XenstoreDomainInterface
{
    public const int SizeOf = 2076;
    public const int ReqOffset = 0;
    public const int ReqCount = 1024;
    public const int ReqStride = 1;
    public const int RspOffset = 1024;
    public const int RspCount = 1024;
    public const int RspStride = 1;
    public const int ReqConsOffset = 2048;
    public const int ReqProdOffset = 2052;
    public const int RspConsOffset = 2056;
    public const int RspProdOffset = 2060;
    public const int ServerFeaturesOffset = 2064;
    public const int ConnectionOffset = 2068;
    public const int ErrorOffset = 2072;

    public static uint ReqCons(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ReqConsOffset..]);

    public static void SetReqCons(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ReqConsOffset..], value);

    public static uint ReqProd(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ReqProdOffset..]);

    public static void SetReqProd(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ReqProdOffset..], value);

    public static uint RspCons(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[RspConsOffset..]);

    public static void SetRspCons(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[RspConsOffset..], value);

    public static uint RspProd(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[RspProdOffset..]);

    public static void SetRspProd(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[RspProdOffset..], value);

    public static uint ServerFeatures(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ServerFeaturesOffset..]);

    public static void SetServerFeatures(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ServerFeaturesOffset..], value);

    public static uint Connection(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ConnectionOffset..]);

    public static void SetConnection(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ConnectionOffset..], value);

    public static uint Error(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[ErrorOffset..]);

    public static void SetError(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[ErrorOffset..], value);
}
