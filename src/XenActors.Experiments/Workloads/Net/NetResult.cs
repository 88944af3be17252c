using XenActors.Experiments.Fio;

namespace XenActors.Experiments.Workloads.Net;

/// <summary>What became of a job's frames, one way; or, for the frames that came back, both ways.</summary>
/// <param name="Sent">Frames handed to the sender's kernel; of replies, frames that reached the peer.</param>
/// <param name="Dropped">Of these: never on the ring, as the sender was told.</param>
/// <param name="Received">Different frames that arrived.</param>
/// <param name="Latency">From program to program; of replies, there and back.</param>
public sealed record NetCounts(long Sent, long Dropped, long Received, long Bytes, long Duplicates, long Reordered, LatencyHistogram Latency)
{
    /// <summary>Sent, and never seen: those that the sender was told of included.</summary>
    public long Lost => Sent - Received;
}

/// <summary>A job's statistics.</summary>
public sealed record NetResult(NetJob Job, NetCounts Forward, NetCounts? Replies)
{
    /// <summary>Damaged frames that reached the peer, or came back; of which stream cannot be said.</summary>
    public long Corrupt { get; init; }

    /// <summary>How often the sender had to wait for memory.</summary>
    public long Blocked { get; init; }

    /// <summary>All frames are out of the sender's hands.</summary>
    public bool Done { get; init; }
}
