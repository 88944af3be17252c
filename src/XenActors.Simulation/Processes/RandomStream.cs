namespace XenActors.Simulation;

/// <summary>
/// A random stream: xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64 from (seed, name). The algorithm is
/// named and fixed here so that no runtime's upgrade changes a history. Not for secrets.
/// </summary>
public struct RandomStream
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public RandomStream(ulong seed, string name)
    {
        var state = unchecked(seed ^ StableHash.Of(name)); // Mixing, not arithmetic.
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>64 uniformly distributed bits.</summary>
    public ulong NextBits()
    {
        unchecked // The generator is defined modulo 2^64.
        {
            var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
            var t = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= t;
            _s3 = ulong.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>Uniform in [0, bound); bound must be positive. Multiply-shift: its bias is below bound / 2^64.</summary>
    public long Next(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (long)Math.BigMul(NextBits(), (ulong)bound, out _);
    }

    /// <summary>Uniform in [low, high], both included.</summary>
    public long NextBetween(long low, long high) => low + Next(high - low + 1);

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public bool NextChance(double probability) => NextDouble() < probability;

    /// <summary>Exponentially distributed with this mean, rounded down to whole nanoseconds.</summary>
    public VirtualDuration NextExponential(VirtualDuration mean) =>
        new((long)(-PortableMath.Log(((NextBits() >> 11) + 1) * (1.0 / (1UL << 53))) * mean.Nanoseconds));

    /// <summary>Uniform in [value - value * percent / 100, value + value * percent / 100].</summary>
    public VirtualDuration Jitter(VirtualDuration value, int percent)
    {
        var span = value.Nanoseconds / 100 * percent;
        return span <= 0 ? value : new(value.Nanoseconds - span + Next((2 * span) + 1));
    }

    internal void Encode<TSink>(ref TSink sink) where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Unsigned(_s0);
        sink.Unsigned(_s1);
        sink.Unsigned(_s2);
        sink.Unsigned(_s3);
    }

    internal static RandomStream Decode(ref CodecReader reader) =>
        new() { _s0 = reader.Unsigned(), _s1 = reader.Unsigned(), _s2 = reader.Unsigned(), _s3 = reader.Unsigned() };

    private static ulong SplitMix(ref ulong state)
    {
        unchecked // The generator is defined modulo 2^64.
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
