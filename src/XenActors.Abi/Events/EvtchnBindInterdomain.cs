using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_bind_interdomain. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_bind_interdomain")]
public readonly record struct EvtchnBindInterdomain(DomId RemoteDom, EvtchnPort RemotePort, EvtchnPort LocalPort)
{
    public const int SizeOf = 12;
    public const int RemoteDomOffset = 0;
    public const int RemotePortOffset = 4;
    public const int LocalPortOffset = 8;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnBindInterdomain Read(ReadOnlySpan<byte> from) => new(
        new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[RemoteDomOffset..])),
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[RemotePortOffset..])),
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[LocalPortOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[RemoteDomOffset..], RemoteDom.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[RemotePortOffset..], RemotePort.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[LocalPortOffset..], LocalPort.Value);
    }
}
