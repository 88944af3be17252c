namespace XenActors.Simulation;

/// <summary>
/// The way between the operating system's processes that share one simulation. Each is a <em>node</em>, has built the same simulator, and runs its
/// own part of the logical processes. Every node makes the same calls in the same order; each call returns when all have made it.
/// </summary>
/// <remarks>A call throws, and no <see cref="SimulationException"/>, when a node is gone or the transport fails: then the run is over.</remarks>
public interface INodes
{
    /// <summary>This process's number, from 0.</summary>
    int Self { get; }

    int Count { get; }

    /// <summary>A node in the words of a message to the user: <c>node 1 (alpha)</c>.</summary>
    string NameOf(int node);

    /// <summary>The least of all nodes' values.</summary>
    long Minimum(long value);

    /// <summary>All-to-all of bytes, and the least of all nodes' values.</summary>
    /// <param name="value">As of <see cref="Minimum"/>: a window needs one call only.</param>
    /// <param name="outgoing">By receiving node; the own one is empty.</param>
    /// <param name="incoming">By sending node; they come cleared, and leave with what was sent here.</param>
    long Exchange(CodecBuffer[] outgoing, CodecBuffer[] incoming, long value);

    /// <summary>Every node's bytes on every node, by node.</summary>
    byte[][] Gather(ReadOnlySpan<byte> own);
}
