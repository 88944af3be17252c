using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace XenActors.Simulation;

/// <summary>
/// Reads what <see cref="ByteSink"/> wrote. The bytes are not trusted: every length is checked against what remains
/// before anything is allocated, and each value has one encoding only.
/// </summary>
/// <remarks>Every method throws <see cref="CodecException"/> on malformed input, and nothing else.</remarks>
public ref struct CodecReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>
    /// How deep a type may contain itself. Each level costs stack, and a stack that overflows takes the process with it.
    /// </summary>
    public const int DepthMax = 1000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int depth;

    /// <summary>The index of the next byte.</summary>
    public int Position { get; private set; }

    public readonly bool AtEnd => Position == bytes.Length;

    public readonly int Remaining => bytes.Length - Position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Unsigned()
    {
        if (Position < bytes.Length && bytes[Position] < 0x80)
        {
            return bytes[Position++];
        }

        return UnsignedLong();
    }

    /// <summary>A number that must fit a narrower type.</summary>
    public ulong Unsigned(ulong max)
    {
        int start = Position;
        ulong value = Unsigned();
        return value <= max ? value : throw Malformed($"number {value} is above {max}", start);
    }

    public long Signed()
    {
        ulong value = Unsigned();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <summary>A number that must fit a narrower type.</summary>
    public long Signed(long min, long max)
    {
        int start = Position;
        long value = Signed();
        return value >= min && value <= max ? value : throw Malformed($"number {value} is outside {min}..{max}", start);
    }

    /// <summary>A bool, or whether a nullable value follows.</summary>
    public bool Flag() => Unsigned(1) != 0;

    public string? Text()
    {
        int start = Position;
        ulong prefix = Unsigned();
        if (prefix == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> utf8 = Take(prefix - 1);
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("text is not UTF-8", start);
        }
    }

    /// <summary>A text whose type does not allow null.</summary>
    public string TextNotNull()
    {
        int start = Position;
        return Text() ?? throw Malformed("null where a text is required", start);
    }

    public byte[] Bytes() => Take(Unsigned()).ToArray();

    /// <summary>The count of a collection. An element takes at least one byte, so no honest count exceeds what remains.</summary>
    public int Count()
    {
        ulong count = Unsigned();
        return count <= (ulong)Remaining ? (int)count : throw Truncated();
    }

    /// <summary>For types that can contain themselves: each level enters and leaves.</summary>
    public void Enter()
    {
        if (++depth > DepthMax)
        {
            throw Malformed($"nested deeper than {DepthMax}", Position);
        }
    }

    public void Leave() => depth--;

    /// <summary>For a check that only the value's type can make, such as a key that occurs twice.</summary>
    [DoesNotReturn]
    public readonly void Refuse(string reason) => throw Malformed(reason, Position);

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)Remaining)
        {
            throw Truncated();
        }

        ReadOnlySpan<byte> taken = bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    private ulong UnsignedLong()
    {
        int start = Position;
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (Position == bytes.Length)
            {
                throw Truncated();
            }

            byte next = bytes[Position++];
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                // A zero last group is a second spelling of a shorter number.
                return next != 0 || shift == 0 ? value : throw Malformed("overlong number", start);
            }
        }

        throw Malformed("number of more than 64 bits", start);
    }

    private readonly CodecException Truncated() => new($"truncated at byte {bytes.Length}");

    private static CodecException Malformed(string what, int position) => new($"{what} at byte {position}");
}
