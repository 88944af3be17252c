using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The console page: backend to guest in, guest to backend out. Source: <c>public/io/console.h</c>.</summary>
[XenLayout("struct xencons_interface")]
public static class XenconsInterface
{
    public const int SizeOf = 3088;
    public const int InOffset = 0;
    public const int InCount = 1024;
    public const int InStride = 1;
    public const int OutOffset = 1024;
    public const int OutCount = 2048;
    public const int OutStride = 1;
    public const int InConsOffset = 3072;
    public const int InProdOffset = 3076;
    public const int OutConsOffset = 3080;
    public const int OutProdOffset = 3084;

    public static uint InCons(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[InConsOffset..]);

    public static void SetInCons(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[InConsOffset..], value);

    public static uint InProd(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[InProdOffset..]);

    public static void SetInProd(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[InProdOffset..], value);

    public static uint OutCons(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[OutConsOffset..]);

    public static void SetOutCons(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[OutConsOffset..], value);

    public static uint OutProd(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[OutProdOffset..]);

    public static void SetOutProd(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[OutProdOffset..], value);
}
