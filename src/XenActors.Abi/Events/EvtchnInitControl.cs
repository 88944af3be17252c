using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_init_control; the link bits are an answer. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_init_control")]
public readonly record struct EvtchnInitControl(ulong ControlGfn, uint Offset, VcpuId Vcpu, byte LinkBits)
{
    public const int SizeOf = 24;
    public const int ControlGfnOffset = 0;
    public const int OffsetOffset = 8;
    public const int VcpuOffset = 12;
    public const int LinkBitsOffset = 16;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnInitControl Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from[ControlGfnOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[OffsetOffset..]),
        new VcpuId(BinaryPrimitives.ReadUInt32LittleEndian(from[VcpuOffset..])),
        from[LinkBitsOffset]);

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to[ControlGfnOffset..], ControlGfn);
        BinaryPrimitives.WriteUInt32LittleEndian(to[OffsetOffset..], Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VcpuOffset..], Vcpu.Value);
        to[LinkBitsOffset] = LinkBits;
    }
}
