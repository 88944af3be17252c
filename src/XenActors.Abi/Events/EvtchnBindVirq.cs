using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_bind_virq. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_bind_virq")]
public readonly record struct EvtchnBindVirq(Virq Virq, VcpuId Vcpu, EvtchnPort Port)
{
    public const int SizeOf = 12;
    public const int VirqOffset = 0;
    public const int VcpuOffset = 4;
    public const int PortOffset = 8;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnBindVirq Read(ReadOnlySpan<byte> from) => new(
        (Virq)BinaryPrimitives.ReadUInt32LittleEndian(from[VirqOffset..]),
        new VcpuId(BinaryPrimitives.ReadUInt32LittleEndian(from[VcpuOffset..])),
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[VirqOffset..], (uint)Virq);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VcpuOffset..], Vcpu.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
    }
}
