using System.Buffers.Binary;

namespace XenActors.Abi;

/// <summary>Argument of EVTCHNOP_expand_array. Source: <c>public/event_channel.h</c>.</summary>
[XenLayout("struct evtchn_expand_array")]
public readonly record struct EvtchnExpandArray(ulong ArrayGfn)
{
    public const int SizeOf = 8;
    public const int ArrayGfnOffset = 0;

    /// <summary>Copies the fields out once: the peer may change the page under the reader.</summary>
    public static EvtchnExpandArray Read(ReadOnlySpan<byte> from) => new(BinaryPrimitives.ReadUInt64LittleEndian(from[ArrayGfnOffset..]));

    /// <summary>Writes the fields; padding stays as it is.</summary>
    public void WriteTo(Span<byte> to) => BinaryPrimitives.WriteUInt64LittleEndian(to[ArrayGfnOffset..], ArrayGfn);
}
