using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_set_priority. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_set_priority")]
public readonly record struct EvtchnSetPriority(EvtchnPort Port, uint Priority)
{
    public const int SizeOf = 8;
    public const int PortOffset = 0;
    public const int PriorityOffset = 4;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnSetPriority Read(ReadOnlySpan<byte> from) => new(
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])),
        BinaryPrimitives.ReadUInt32LittleEndian(from[PriorityOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PriorityOffset..], Priority);
    }
}
