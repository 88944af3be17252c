using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>
/// Argument of EVTCHNOP_status. What the last two fields mean depends on the state: remote domain (and port), pirq or virq. Source:
/// <c>public/event_channel.h</c>.
/// </summary>
[XenLayout("struct evtchn_status")]
public readonly record struct EvtchnStatus(DomId Dom, EvtchnPort Port, EvtchnState Status, VcpuId Vcpu, DomId RemoteDom, uint Number)
{
    public const int SizeOf = 24;
    public const int DomOffset = 0;
    public const int PortOffset = 4;
    public const int StatusOffset = 8;
    public const int VcpuOffset = 12;
    public const int UnboundDomOffset = 16;
    public const int InterdomainDomOffset = 16;
    public const int InterdomainPortOffset = 20;
    public const int PirqOffset = 16;
    public const int VirqOffset = 16;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnStatus Read(ReadOnlySpan<byte> from)
    {
        var status = (EvtchnState)BinaryPrimitives.ReadUInt32LittleEndian(from[StatusOffset..]);
        var one = status is EvtchnState.Pirq or EvtchnState.Virq;
        var two = status is EvtchnState.Unbound or EvtchnState.Interdomain;
        return new(
            new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])),
            new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])),
            status,
            new VcpuId(BinaryPrimitives.ReadUInt32LittleEndian(from[VcpuOffset..])),
            new DomId(two ? BinaryPrimitives.ReadUInt16LittleEndian(from[UnboundDomOffset..]) : (ushort)0),
            one ? BinaryPrimitives.ReadUInt32LittleEndian(from[PirqOffset..])
                : status == EvtchnState.Interdomain ? BinaryPrimitives.ReadUInt32LittleEndian(from[InterdomainPortOffset..]) : 0);
    }

    /// <summary>Writes the fields that the state has; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[StatusOffset..], (uint)Status);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VcpuOffset..], Vcpu.Value);
        switch (Status)
        {
            case EvtchnState.Unbound:
                BinaryPrimitives.WriteUInt16LittleEndian(to[UnboundDomOffset..], RemoteDom.Value);
                break;
            case EvtchnState.Interdomain:
                BinaryPrimitives.WriteUInt16LittleEndian(to[InterdomainDomOffset..], RemoteDom.Value);
                BinaryPrimitives.WriteUInt32LittleEndian(to[InterdomainPortOffset..], Number);
                break;
            case EvtchnState.Pirq:
            case EvtchnState.Virq:
                BinaryPrimitives.WriteUInt32LittleEndian(to[PirqOffset..], Number);
                break;
        }
    }
}
