using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_bind_vcpu. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_bind_vcpu")]
public readonly record struct EvtchnBindVcpu(EvtchnPort Port, VcpuId Vcpu)
{
    public const int SizeOf = 8;
    public const int PortOffset = 0;
    public const int VcpuOffset = 4;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnBindVcpu Read(ReadOnlySpan<byte> from) => new(
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])),
        new VcpuId(BinaryPrimitives.ReadUInt32LittleEndian(from[VcpuOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VcpuOffset..], Vcpu.Value);
    }
}
