using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_reset. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_reset")]
public readonly record struct EvtchnReset(DomId Dom)
{
    public const int SizeOf = 2;
    public const int DomOffset = 0;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnReset Read(ReadOnlySpan<byte> from) => new(new DomId(BinaryPrimitives.ReadUInt16LittleEndian(from[DomOffset..])));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to) => BinaryPrimitives.WriteUInt16LittleEndian(to[DomOffset..], Dom.Value);
}
