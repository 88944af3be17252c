using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_unmask. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_unmask")]
public readonly record struct EvtchnUnmask(EvtchnPort Port)
{
    public const int SizeOf = 4;
    public const int PortOffset = 0;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnUnmask Read(ReadOnlySpan<byte> from) => new(new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to) => BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
}
