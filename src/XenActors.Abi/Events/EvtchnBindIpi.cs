using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_bind_ipi. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_bind_ipi")]
public readonly record struct EvtchnBindIpi(VcpuId Vcpu, EvtchnPort Port)
{
    public const int SizeOf = 8;
    public const int VcpuOffset = 0;
    public const int PortOffset = 4;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnBindIpi Read(ReadOnlySpan<byte> from) => new(
        new VcpuId(BinaryPrimitives.ReadUInt32LittleEndian(from[VcpuOffset..])),
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[VcpuOffset..], Vcpu.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
    }
}
