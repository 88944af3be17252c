using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_bind_pirq; bit 0 of the flags: the line will be shared. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_bind_pirq")]
public readonly record struct EvtchnBindPirq(uint Pirq, uint Flags, EvtchnPort Port)
{
    public const int SizeOf = 12;
    public const int PirqOffset = 0;
    public const int FlagsOffset = 4;
    public const int PortOffset = 8;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnBindPirq Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from[PirqOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[FlagsOffset..]),
        new EvtchnPort(BinaryPrimitives.ReadUInt32LittleEndian(from[PortOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to[PirqOffset..], Pirq);
        BinaryPrimitives.WriteUInt32LittleEndian(to[FlagsOffset..], Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PortOffset..], Port.Value);
    }
}
