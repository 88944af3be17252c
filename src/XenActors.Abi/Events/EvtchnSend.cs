using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_send. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_send")]
public readonly record struct EvtchnSend(EvtchnPort Port)
{
    public const int SizeOf = 4;
    public const int PortOffset = 0;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnSend Read(ReadOnlySpan<byte> from) => new(new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to) => BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
}
