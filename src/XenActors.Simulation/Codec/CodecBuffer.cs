using System.Runtime.CompilerServices;
using System.Text;

namespace XenActors.Simulation;

/// <summary>
/// Growable bytes behind <see cref="ByteSink"/>; kept and cleared rather than made anew, so that encoding in the
/// steady state allocates nothing. Not for use by two threads at once.
/// </summary>
public sealed class CodecBuffer(int capacity = CodecBuffer.CapacityDefault)
{
    /// <summary>Holds most messages without growing.</summary>
    public const int CapacityDefault = 256;

    /// <summary>64 bits in groups of 7.</summary>
    private const int VarintBytesMax = 10;

    // Strict: a lone surrogate would otherwise become U+FFFD, and two different texts the same bytes.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] bytes = new byte[capacity];

    public int Length { get; private set; }

    /// <summary>What was written since the last <see cref="Clear"/>; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public byte[] ToArray() => Written.ToArray();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUnsigned(ulong value)
    {
        if (value < 0x80 && Length < bytes.Length)
        {
            bytes[Length++] = unchecked((byte)value);
            return;
        }

        WriteLong(value);
    }

    /// <summary>Zigzag, so that small negative numbers stay short.</summary>
    public void WriteSigned(long value) => WriteUnsigned(unchecked((ulong)((value << 1) ^ (value >> 63))));

    /// <summary>Zero for null, else the UTF-8 length plus one, then the UTF-8 bytes.</summary>
    public void WriteText(string? value)
    {
        if (value is null)
        {
            WriteUnsigned(0);
            return;
        }

        try
        {
            int count = StrictUtf8.GetByteCount(value);
            WriteUnsigned((ulong)count + 1);
            Reserve(count);
            Length += StrictUtf8.GetBytes(value, bytes.AsSpan(Length));
        }
        catch (EncoderFallbackException cause)
        {
            throw new CodecException("a text with a lone surrogate cannot be encoded", cause);
        }
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteUnsigned((ulong)value.Length);
        Reserve(value.Length);
        value.CopyTo(bytes.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>Appends this many bytes for the caller to fill, without a length before them; they hold anything until then, and are valid until the next write.</summary>
    public Span<byte> Extend(int count)
    {
        Reserve(count);
        Length += count;
        return bytes.AsSpan(Length - count, count);
    }

    private void WriteLong(ulong value)
    {
        Reserve(VarintBytesMax);
        while (value >= 0x80)
        {
            // Seven low bits and the mark that more follow.
            bytes[Length++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        bytes[Length++] = unchecked((byte)value);
    }

    private void Reserve(int count)
    {
        if (bytes.Length - Length < count)
        {
            long doubled = Math.Min(bytes.Length * 2L, Array.MaxLength);
            Array.Resize(ref bytes, (int)Math.Max(doubled, (long)Length + count));
        }
    }
}
