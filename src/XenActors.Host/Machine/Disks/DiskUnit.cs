using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>
/// One volume's disk in time: when a request that arrives now will be done. Requests begin in the order in which they come, as many at once as the disk
/// takes; their bytes share one channel.
/// </summary>
[Codec]
public sealed partial class DiskUnit
{
    /// <summary>When each of the disk's places is free again, in nanoseconds.</summary>
    public required long[] FreeAt { get; init; }

    /// <summary>When the channel is.</summary>
    public long ChannelFreeAt { get; private set; }

    /// <summary>Where the last request ended.</summary>
    public ulong NextSector { get; private set; } = ulong.MaxValue;

    public WriteCache Cache { get; init; } = new();

    public static DiskUnit Of(DiskProfile profile) => new() { FreeAt = new long[profile.QueueDepth] };

    /// <summary>Whether a request goes on where the last one ended; it is the last one now.</summary>
    public bool GoesOn(ulong sector, ulong count)
    {
        var sequential = sector == NextSector;
        NextSector = unchecked(sector + count); // A guest's numbers: they may be too large for any disk.
        return sequential;
    }

    /// <summary>A place is taken for this long, and then the channel for the bytes; when both are over, in nanoseconds.</summary>
    public long Serve(long now, VirtualDuration latency, long bytes, long bandwidth)
    {
        var place = 0;
        for (var i = 1; i < FreeAt.Length && FreeAt[place] > now; i++)
        {
            if (FreeAt[i] < FreeAt[place])
            {
                place = i;
            }
        }

        var ready = Math.Max(now, FreeAt[place]) + latency.Nanoseconds;
        var end = ready;
        if (bytes > 0)
        {
            end = Math.Max(ready, ChannelFreeAt) + (long)(bytes * 1e9 / bandwidth);
            ChannelFreeAt = end;
        }

        FreeAt[place] = end;
        return end;
    }

    /// <summary>The channel alone is taken, for bytes that come when this much time has passed: a write into the cache.</summary>
    public long Transfer(long now, VirtualDuration latency, long bytes, long bandwidth)
    {
        ChannelFreeAt = Math.Max(now, ChannelFreeAt) + (long)(bytes * 1e9 / bandwidth);
        return ChannelFreeAt + latency.Nanoseconds;
    }

    /// <summary>When everything that is at work now is over.</summary>
    public long Idle(long now)
    {
        var end = now;
        foreach (var free in FreeAt)
        {
            end = Math.Max(end, free);
        }

        return end;
    }
}
