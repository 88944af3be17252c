using System.Numerics;
using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>Latencies in buckets of fio's shape: 64 to each power of two, so that a percentile is right within 1.6 percent (fio's <c>stat.h</c>).</summary>
[Codec]
public sealed partial class LatencyHistogram
{
    private const int Bits = 6;
    private const int PerGroup = 1 << Bits;
    private const int Groups = 29;

    private long[] Buckets { get; init; } = new long[Groups * PerGroup];

    public long Count { get; private set; }

    public long Min { get; private set; } = long.MaxValue;

    public long Max { get; private set; }

    private double Sum { get; set; }

    private double Squares { get; set; }

    public double Mean => Count == 0 ? 0 : Sum / Count;

    public double Deviation => Count < 2 ? 0 : Math.Sqrt(Math.Max(0, (Squares - (Sum * Sum / Count)) / (Count - 1)));

    public void Add(VirtualDuration latency)
    {
        var value = latency.Nanoseconds;
        Count++;
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
        Sum += value;
        Squares += (double)value * value;
        Buckets[Index(value)]++;
    }

    /// <summary>Adds another one's.</summary>
    public void Add(LatencyHistogram other)
    {
        Count += other.Count;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Sum += other.Sum;
        Squares += other.Squares;
        for (var i = 0; i < Buckets.Length; i++)
        {
            Buckets[i] += other.Buckets[i];
        }
    }

    /// <summary>The bucket's middle below which this many percent lie, in nanoseconds.</summary>
    public long Percentile(double percent)
    {
        var wanted = percent / 100 * Count;
        long seen = 0;
        for (var i = 0; i < Buckets.Length; i++)
        {
            seen += Buckets[i];
            if (Buckets[i] > 0 && seen >= wanted)
            {
                return Math.Clamp(Middle(i), Min, Max);
            }
        }

        return Max;
    }

    /// <summary>How many lie in (low, high], by their buckets' middles.</summary>
    public long Between(long low, long high)
    {
        long count = 0;
        for (var i = 0; i < Buckets.Length; i++)
        {
            var middle = Middle(i);
            count += Buckets[i] > 0 && middle > low && middle <= high ? Buckets[i] : 0;
        }

        return count;
    }

    private static int Index(long value)
    {
        var top = 63 - BitOperations.LeadingZeroCount((ulong)value | 1);
        if (top <= Bits)
        {
            return (int)value;
        }

        var shift = top - Bits;
        return Math.Min(((shift + 1) << Bits) + (int)((value >> shift) & (PerGroup - 1)), (Groups * PerGroup) - 1);
    }

    private static long Middle(int index)
    {
        if (index < PerGroup << 1)
        {
            return index;
        }

        var shift = (index >> Bits) - 1;
        return (1L << (shift + Bits)) + ((long)(((index & (PerGroup - 1)) + 0.5) * (1L << shift)));
    }
}
