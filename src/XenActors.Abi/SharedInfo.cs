using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>The page that Xen shares with a domain (64-bit layout). Source: <c>public/xen.h</c>.</summary>
[XenLayout("struct shared_info")]
public static class SharedInfo
{
    public const int SizeOf = 3136;
    public const int VcpuInfoOffset = 0;
    public const int VcpuInfoCount = 32;
    public const int VcpuInfoStride = 64;
    public const int EvtchnPendingOffset = 2048;
    public const int EvtchnPendingCount = 64;
    public const int EvtchnPendingStride = 8;
    public const int EvtchnMaskOffset = 2560;
    public const int EvtchnMaskCount = 64;
    public const int EvtchnMaskStride = 8;
    public const int WcVersionOffset = 3072;
    public const int WcSecOffset = 3076;
    public const int WcNsecOffset = 3080;
    public const int WcSecHiOffset = 3084;
    public const int ArchOffset = 3088;

    public static uint WcVersion(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[WcVersionOffset..]);

    public static void SetWcVersion(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[WcVersionOffset..], value);

    public static uint WcSec(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[WcSecOffset..]);

    public static void SetWcSec(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[WcSecOffset..], value);

    public static uint WcNsec(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[WcNsecOffset..]);

    public static void SetWcNsec(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[WcNsecOffset..], value);

    public static uint WcSecHi(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[WcSecHiOffset..]);

    public static void SetWcSecHi(Span<byte> page, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[WcSecHiOffset..], value);
}
