using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A vCPU's part of the shared page. Source: <c>public/xen.h</c>.</summary>
[XenLayout("struct vcpu_info")]
public static class VcpuInfo
{
    public const int SizeOf = 64;
    public const int EvtchnUpcallPendingOffset = 0;
    public const int EvtchnUpcallMaskOffset = 1;
    public const int EvtchnPendingSelOffset = 8;
    public const int ArchOffset = 16;
    public const int TimeOffset = 32;

    public static ulong EvtchnPendingSel(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt64LittleEndian(page[EvtchnPendingSelOffset..]);

    public static void SetEvtchnPendingSel(Span<byte> page, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(page[EvtchnPendingSelOffset..], value);

    public static bool EvtchnUpcallPending(ReadOnlySpan<byte> vcpu) => vcpu[EvtchnUpcallPendingOffset] != 0;

    public static void SetEvtchnUpcallPending(Span<byte> vcpu, bool value) => vcpu[EvtchnUpcallPendingOffset] = value ? (byte)1 : (byte)0;

    public static bool EvtchnUpcallMask(ReadOnlySpan<byte> vcpu) => vcpu[EvtchnUpcallMaskOffset] != 0;

    public static void SetEvtchnUpcallMask(Span<byte> vcpu, bool value) => vcpu[EvtchnUpcallMaskOffset] = value ? (byte)1 : (byte)0;
}
