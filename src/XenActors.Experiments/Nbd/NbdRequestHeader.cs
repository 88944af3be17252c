using System.Buffers.Binary;

namespace XenActors.Experiments.Nbd;

/// <summary>A request of the transmission phase, without its payload.</summary>
public readonly record struct NbdRequestHeader(NbdCommandFlags Flags, NbdCommand Command, ulong Cookie, ulong Offset, uint Length)
{
    /// <summary>False when the bytes do not begin with a request's magic number.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out NbdRequestHeader header)
    {
        header = new(
            (NbdCommandFlags)BinaryPrimitives.ReadUInt16BigEndian(from[4..]),
            (NbdCommand)BinaryPrimitives.ReadUInt16BigEndian(from[6..]),
            BinaryPrimitives.ReadUInt64BigEndian(from[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(from[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(from[24..]));
        return BinaryPrimitives.ReadUInt32BigEndian(from) == NbdWire.RequestMagic;
    }

    public void WriteTo(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, NbdWire.RequestMagic);
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16BigEndian(to[6..], (ushort)Command);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], Cookie);
        BinaryPrimitives.WriteUInt64BigEndian(to[16..], Offset);
        BinaryPrimitives.WriteUInt32BigEndian(to[24..], Length);
    }
}
