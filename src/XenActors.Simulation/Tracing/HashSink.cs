using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace XenActors.Simulation;

/// <summary>Folds what a codec writes into 64 bits: one rotation and one multiplication a word.</summary>
internal struct HashSink(ulong value) : ICodecSink
{
    private const ulong Factor = 0x9E3779B97F4A7C15;

    /// <summary>From so many bytes on eight chains run side by side: one alone waits for each multiplication.</summary>
    private const int LanesFrom = 256;

    private const int LaneBlock = 8 * sizeof(ulong);

    public ulong Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unsigned(ulong value) => Value = Step(Value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Signed(long value) => Unsigned(unchecked((ulong)value));

    public void Text(string? value)
    {
        if (value is null)
        {
            Unsigned(ulong.MaxValue);
            return;
        }

        Bytes(MemoryMarshal.AsBytes(value.AsSpan()));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Unsigned((ulong)value.Length);
        if (value.Length >= LanesFrom)
        {
            value = Lanes(value);
        }

        while (value.Length >= sizeof(ulong))
        {
            Unsigned(MemoryMarshal.Read<ulong>(value));
            value = value[sizeof(ulong)..];
        }

        if (value.Length > 0)
        {
            Span<byte> last = stackalloc byte[sizeof(ulong)];
            last.Clear();
            value.CopyTo(last);
            Unsigned(MemoryMarshal.Read<ulong>(last));
        }
    }

    // Pages and blocks of data. What is left is shorter than a block.
    private ReadOnlySpan<byte> Lanes(ReadOnlySpan<byte> value)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(value[..(value.Length / LaneBlock * LaneBlock)]);
        ulong a = Value, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7;
        for (; words.Length >= 8; words = words[8..])
        {
            a = Step(a, words[0]);
            b = Step(b, words[1]);
            c = Step(c, words[2]);
            d = Step(d, words[3]);
            e = Step(e, words[4]);
            f = Step(f, words[5]);
            g = Step(g, words[6]);
            h = Step(h, words[7]);
        }

        Value = a;
        Unsigned(b);
        Unsigned(c);
        Unsigned(d);
        Unsigned(e);
        Unsigned(f);
        Unsigned(g);
        Unsigned(h);
        return value[(value.Length / LaneBlock * LaneBlock)..];
    }

    // A hash, modulo 2^64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Step(ulong chain, ulong word) => unchecked(ulong.RotateLeft((chain ^ word) * Factor, 31));
}
