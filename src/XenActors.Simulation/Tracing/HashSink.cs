using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace XenActors.Simulation;

/// <summary>Folds what a codec writes into 64 bits: one rotation and one multiplication a word.</summary>
internal struct HashSink(ulong value) : ICodecSink
{
    private const ulong Factor = 0x9E3779B97F4A7C15;

    /// <summary>From so many bytes on eight chains run side by side: one alone waits for each multiplication.</summary>
    private const int LanesFrom = 256;

    private const int LaneBlock = 8 * sizeof(ulong);

    /// <summary>From so many bytes on thirty-two chains do, four to a vector: a multiplication then takes what eight took.</summary>
    private const int VectorsFrom = 1024;

    private const int VectorBlock = 32 * sizeof(ulong);

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
        if (value.Length >= VectorsFrom)
        {
            value = Vectors(value);
        }

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

    // Whole pages. The chains begin apart, so that equal words in different places are different.
    private ReadOnlySpan<byte> Vectors(ReadOnlySpan<byte> value)
    {
        var blocks = value.Length / VectorBlock;
        ref var at = ref MemoryMarshal.GetReference(value);
        var a = Vector256.Create(Value, 1, 2, 3);
        var b = Vector256.Create(4UL, 5, 6, 7);
        var c = Vector256.Create(8UL, 9, 10, 11);
        var d = Vector256.Create(12UL, 13, 14, 15);
        var e = Vector256.Create(16UL, 17, 18, 19);
        var f = Vector256.Create(20UL, 21, 22, 23);
        var g = Vector256.Create(24UL, 25, 26, 27);
        var h = Vector256.Create(28UL, 29, 30, 31);
        for (var i = 0; i < blocks; i++)
        {
            a = Step(a, ref at, 0);
            b = Step(b, ref at, 32);
            c = Step(c, ref at, 64);
            d = Step(d, ref at, 96);
            e = Step(e, ref at, 128);
            f = Step(f, ref at, 160);
            g = Step(g, ref at, 192);
            h = Step(h, ref at, 224);
            at = ref Unsafe.Add(ref at, VectorBlock);
        }

        Value = a[0];
        Unsigned(a[1]);
        Unsigned(a[2]);
        Unsigned(a[3]);
        Fold(b);
        Fold(c);
        Fold(d);
        Fold(e);
        Fold(f);
        Fold(g);
        Fold(h);
        return value[(blocks * VectorBlock)..];
    }

    private void Fold(Vector256<ulong> chains)
    {
        Unsigned(chains[0]);
        Unsigned(chains[1]);
        Unsigned(chains[2]);
        Unsigned(chains[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Step(Vector256<ulong> chains, ref byte at, int offset)
    {
        var mixed = (chains ^ Unsafe.ReadUnaligned<Vector256<ulong>>(ref Unsafe.Add(ref at, offset))) * Factor;
        return (mixed << 31) | (mixed >>> 33);
    }

    // Blocks of data. What is left is shorter than a block.
    private ReadOnlySpan<byte> Lanes(ReadOnlySpan<byte> value)
    {
        var blocks = value.Length / LaneBlock;
        ref var word = ref MemoryMarshal.GetReference(value);
        ulong a = Value, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7;
        for (var i = 0; i < blocks; i++)
        {
            a = Step(a, Unsafe.ReadUnaligned<ulong>(ref word));
            b = Step(b, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, 8)));
            c = Step(c, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, 16)));
            d = Step(d, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, 24)));
            e = Step(e, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, 32)));
            f = Step(f, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, 40)));
            g = Step(g, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, 48)));
            h = Step(h, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, 56)));
            word = ref Unsafe.Add(ref word, LaneBlock);
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
