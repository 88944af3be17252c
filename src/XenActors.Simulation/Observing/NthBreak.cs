// The threads of partitions count in one number; no actor sees it.
#pragma warning disable RS0030
namespace XenActors.Simulation;

/// <summary>
/// The n-th message for which something is true, wherever it is handled. Partitions handle a window side by side, so which one of its messages was the n-th is
/// nobody's to say; that the window has it is the same on every engine, and there the run ends.
/// </summary>
internal sealed class NthBreak(int partitions, Func<Observed, MessageType, bool> when, long nth, bool onNodes) : Break<MessageType>(partitions, when)
{
    private long _count;
    private long _untold;

    public override bool Judge(int partition, in Observed at, in MessageType what)
    {
        if (!Asks(partition, in at, in what))
        {
            return false;
        }

        if (onNodes)
        {
            // The others' are counted when the window is exchanged.
            Interlocked.Increment(ref _untold);
            return false;
        }

        if (Interlocked.Increment(ref _count) != nth)
        {
            return false;
        }

        Mark(partition, at.Time);
        return true;
    }

    /// <summary>How many this node has seen in the window that ends: counted here, and for the other nodes to count.</summary>
    public long Tell()
    {
        var told = _untold;
        (_untold, _count) = (0, _count + told);
        return told;
    }

    /// <summary>Another node's.</summary>
    public void Count(long told) => _count += told;

    /// <summary>After all nodes': true when this window had the n-th.</summary>
    public bool Ends(int partition, VirtualTime windowEnd)
    {
        if (Removed || Hit || _count < nth)
        {
            return false;
        }

        Mark(partition, windowEnd);
        return true;
    }
}
