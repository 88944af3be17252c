using XenActors.Experiments.Fio;
using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Net;

/// <summary>What has arrived of one stream.</summary>
[Codec]
public sealed partial class NetLedger
{
    // A bit for each frame that has arrived.
    private List<ulong> Seen { get; init; } = [];

    /// <summary>Different frames of the stream.</summary>
    public long Received { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Frames that had arrived before.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Frames that arrived after one that was sent later.</summary>
    public long Reordered { get; private set; }

    /// <summary>The highest number; -1 while there is none.</summary>
    public long Highest { get; private set; } = -1;

    /// <summary>From the program that sent to the one that received.</summary>
    public LatencyHistogram Latency { get; init; } = new();

    public void Take(in NetStamp stamp, VirtualTime now)
    {
        var (word, bit) = ((int)(stamp.Sequence >> 6), 1UL << (int)(stamp.Sequence & 63));
        while (Seen.Count <= word)
        {
            Seen.Add(0);
        }

        if ((Seen[word] & bit) != 0)
        {
            Duplicates++;
            return;
        }

        Seen[word] |= bit;
        Received++;
        Bytes += stamp.Length;
        Reordered += stamp.Sequence < Highest ? 1 : 0;
        Highest = Math.Max(Highest, stamp.Sequence);
        Latency.Add(new VirtualDuration(now.Nanoseconds - stamp.SentNs));
    }

    public bool Has(long sequence) => sequence >> 6 < Seen.Count && (Seen[(int)(sequence >> 6)] & (1UL << (int)(sequence & 63))) != 0;
}
