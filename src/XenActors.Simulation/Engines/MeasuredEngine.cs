// How long partitions take is for those who run a simulation; nothing that an actor sees depends on it.
#pragma warning disable RS0030
using System.Diagnostics;

namespace XenActors.Simulation;

/// <summary>An engine whose partitions are timed: all of a run, and what they wait and exchange in it.</summary>
internal sealed class MeasuredEngine(IEngine inner) : IEngine
{
    // One cache line per partition's sum.
    private const int Padding = 16;

    private readonly long[] _exchanging = new long[inner.Partitions * Padding];
    private long _running;

    public int Partitions => inner.Partitions;

    public NodesEngine? Shared => inner.Shared;

    public bool IsHere(int partition) => inner.IsHere(partition);

    /// <summary>Of all runs of this process.</summary>
    public TimeSpan Running => Stopwatch.GetElapsedTime(0, _running);

    public TimeSpan Exchanging(int partition) => Stopwatch.GetElapsedTime(0, _exchanging[partition * Padding]);

    public long Minimum(int partition, long value)
    {
        var began = Stopwatch.GetTimestamp();
        var least = inner.Minimum(partition, value);
        _exchanging[partition * Padding] += Stopwatch.GetTimestamp() - began;
        return least;
    }

    public void Exchange(Partition partition)
    {
        var began = Stopwatch.GetTimestamp();
        inner.Exchange(partition);
        _exchanging[partition.Index * Padding] += Stopwatch.GetTimestamp() - began;
    }

    public void Run(ReadOnlySpan<Partition> partitions)
    {
        var began = Stopwatch.GetTimestamp();
        inner.Run(partitions);
        _running += Stopwatch.GetTimestamp() - began;
    }
}
