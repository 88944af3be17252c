using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_alloc_unbound. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_alloc_unbound")]
public readonly record struct EvtchnAllocUnbound(DomId Dom, DomId RemoteDom, EvtchnPort Port)
{
    public const int SizeOf = 8;
    public const int DomOffset = 0;
    public const int RemoteDomOffset = 2;
    public const int PortOffset = 4;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnAllocUnbound Read(ReadOnlySpan<byte> from) => new(
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])),
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[RemoteDomOffset..])),
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(to[RemoteDomOffset..], RemoteDom.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
    }
}
