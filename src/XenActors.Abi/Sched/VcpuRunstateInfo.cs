using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>How long a vCPU spent in each <see cref="RunState"/>. Source: <c>public/vcpu.h</c>.</summary>
[XenLayout("struct vcpu_runstate_info")]
public static class VcpuRunstateInfo
{
    public const int SizeOf = 48;
    public const int StateOffset = 0;
    public const int StateEntryTimeOffset = 8;
    public const int TimeOffset = 16;
    public const int TimeCount = 4;
    public const int TimeStride = 8;

    public static int State(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadInt32LittleEndian(page[StateOffset..]);

    public static void SetState(Span<byte> page, int value) => BinaryPrimitives.WriteInt32LittleEndian(page[StateOffset..], value);

    public static ulong StateEntryTime(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt64LittleEndian(page[StateEntryTimeOffset..]);

    public static void SetStateEntryTime(Span<byte> page, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(page[StateEntryTimeOffset..], value);
}
