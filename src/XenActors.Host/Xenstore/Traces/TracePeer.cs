using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>What the store said to a connection and the trace has not been seen to say yet.</summary>
internal sealed record TraceSaid(XsWireType Type, string Text)
{
    /// <summary>How often the same event came again while this one waited.</summary>
    public int Again { get; set; }

    public bool IsEvent => Type == XsWireType.WatchEvent;

    public string Message => $"{TraceNames.Of(Type)} ({Text})";
}

/// <summary>One of a trace's connections.</summary>
internal sealed class TracePeer(int conn, ushort domid, bool older)
{
    /// <summary>The store's number of it.</summary>
    public int Conn { get; } = conn;

    public ushort Domid { get; } = domid;

    /// <summary>It was there before the trace began, maybe with watches and transactions that nobody knows.</summary>
    public bool Older { get; } = older;

    public List<TraceSaid> Said { get; } = [];

    /// <summary>The last event that both have: the same one again may have been merged with it while it waited.</summary>
    public string? LastEvent { get; set; }

    /// <summary>Events that came again while the same one waited: a daemon that had sent that already says them once more.</summary>
    public List<string> Repeats { get; } = [];

    /// <summary>The open transaction; 0 outside of one.</summary>
    public uint Transaction { get; set; }

    /// <summary>
    /// Its open transaction will be given up, and it may be a kernel's: who gives up wrote nothing in it, so what is written meanwhile is another
    /// thread's.
    /// </summary>
    public bool SharedByThreads { get; set; }

    /// <summary>The line of the last transaction's beginning.</summary>
    public int Since { get; set; }
}
