using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace XenActors.Simulation;

/// <summary>Folds what a codec writes into 64 bits: one rotation and one multiplication a word.</summary>
internal struct HashSink(ulong value) : ICodecSink
{
    private const ulong Factor = 0x9E3779B97F4A7C15;

    /// <summary>From so many bytes on the body is summed up stripe by stripe: a chain waits for each multiplication.</summary>
    private const int StripesFrom = 256;

    private const int Stripe = 8 * sizeof(ulong);

    /// <summary>Stripes with keys of their own; after so many the sums are stirred, and the keys begin again.</summary>
    private const int StripesPerBlock = 16;

    // What tells the places of a block apart.
    private static readonly ulong[] Keys = MakeKeys();

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
        if (value.Length >= StripesFrom)
        {
            value = Stripes(value);
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

    // Blocks of data and pages, in sums that do not wait for each other: of each word, and of the product of its halves under its place's key. A word
    // that changes always changes the first, words that change places the second. What is left is shorter than a stripe.
    private ReadOnlySpan<byte> Stripes(ReadOnlySpan<byte> value)
    {
        var stripes = value.Length / Stripe;
        ref var at = ref MemoryMarshal.GetReference(value);
        ref var keys = ref Unsafe.As<ulong, byte>(ref MemoryMarshal.GetArrayDataReference(Keys));
        Vector256<ulong> words0 = default, words1 = default, products0 = default, products1 = default;
        for (var left = stripes; left > 0; left -= StripesPerBlock)
        {
            var end = Math.Min(left, StripesPerBlock) * Stripe;
            for (var i = 0; i < end; i += Stripe)
            {
                var first = Four(ref at, i);
                var second = Four(ref at, i + (Stripe / 2));
                words0 += first;
                words1 += second;
                products0 += Product(first ^ Four(ref keys, i));
                products1 += Product(second ^ Four(ref keys, i + (Stripe / 2)));
            }

            at = ref Unsafe.Add(ref at, end);
            words0 = Stir(words0);
            words1 = Stir(words1);
            products0 = Stir(products0);
            products1 = Stir(products1);
        }

        Value = Chain(Value, words0);
        Unsigned(Chain(1, words1));
        Unsigned(Chain(2, products0));
        Unsigned(Chain(3, products1));
        return value[(stripes * Stripe)..];
    }

    private static ulong Chain(ulong chain, Vector256<ulong> sums) =>
        Step(Step(Step(Step(chain, sums[0]), sums[1]), sums[2]), sums[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Four(ref byte at, int offset) => Unsafe.ReadUnaligned<Vector256<ulong>>(ref Unsafe.Add(ref at, offset));

    // Of a word's lower and upper half: one instruction where there is AVX2, the same numbers where there is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> words) => Avx2.IsSupported
        ? Avx2.Multiply(words.AsUInt32(), (words >>> 32).AsUInt32())
        : (words & Vector256.Create((ulong)uint.MaxValue)) * (words >>> 32);

    // Different sums stay different.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Stir(Vector256<ulong> sums) => (sums ^ (sums >>> 29) ^ Vector256.Create(Factor)) * Factor;

    private static ulong[] MakeKeys()
    {
        var keys = new ulong[StripesPerBlock * Stripe / sizeof(ulong)];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = StableHash.Mix(unchecked((ulong)(i + 1) * Factor));
        }

        return keys;
    }

    // A hash, modulo 2^64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Step(ulong chain, ulong word) => unchecked(ulong.RotateLeft((chain ^ word) * Factor, 31));
}
