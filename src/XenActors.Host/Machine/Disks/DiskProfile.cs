using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>A kind of disk, as far as it shows: when it answers, and what it forgets with its power.</summary>
[Codec]
public sealed partial record DiskProfile
{
    public const int QueueDepthMax = 1024;

    /// <summary>From a request to its first byte, where the one before ended elsewhere.</summary>
    public required VirtualDuration Latency { get; init; }

    /// <summary>The same, where it ended.</summary>
    public required VirtualDuration SequentialLatency { get; init; }

    /// <summary>Bytes a second; one transfer comes after the other.</summary>
    public required long Bandwidth { get; init; }

    /// <summary>Requests at work at once; further ones wait.</summary>
    public required int QueueDepth { get; init; }

    /// <summary>Bytes of volatile cache from which writes are answered; 0 for none: what is answered is durable.</summary>
    public required long WriteCache { get; init; }

    /// <summary>A write into the cache, or, without a volatile one, into what replaces it.</summary>
    public required VirtualDuration CacheLatency { get; init; }

    /// <summary>A flush that finds nothing to do.</summary>
    public required VirtualDuration FlushLatency { get; init; }

    /// <summary>A disk that answers after this time, many at once, and forgets nothing.</summary>
    public static DiskProfile Plain(VirtualDuration latency, long bandwidth) => new()
    {
        Latency = latency,
        SequentialLatency = latency,
        Bandwidth = bandwidth,
        QueueDepth = 64,
        WriteCache = 0,
        CacheLatency = latency,
        FlushLatency = latency,
    };
}
