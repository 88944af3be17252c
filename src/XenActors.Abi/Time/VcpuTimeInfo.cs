using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>A vCPU's clock; an odd version means that Xen is writing it. Source: <c>public/xen.h</c>.</summary>
[XenLayout("struct vcpu_time_info")]
public readonly record struct VcpuTimeInfo(uint Version, ulong TscTimestamp, ulong SystemTime, uint TscToSystemMul, sbyte TscShift, byte Flags)
{
    public const int SizeOf = 32;
    public const int VersionOffset = 0;
    public const int TscTimestampOffset = 8;
    public const int SystemTimeOffset = 16;
    public const int TscToSystemMulOffset = 24;
    public const int TscShiftOffset = 28;
    public const int FlagsOffset = 29;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static VcpuTimeInfo Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from[VersionOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[TscTimestampOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[SystemTimeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[TscToSystemMulOffset..]),
        (sbyte)from[TscShiftOffset],
        from[FlagsOffset]);

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(to[TscTimestampOffset..], TscTimestamp);
        BinaryPrimitives.WriteUInt64LittleEndian(to[SystemTimeOffset..], SystemTime);
        BinaryPrimitives.WriteUInt32LittleEndian(to[TscToSystemMulOffset..], TscToSystemMul);
        to[TscShiftOffset] = unchecked((byte)TscShift); // the same bits
        to[FlagsOffset] = Flags;
    }
}
