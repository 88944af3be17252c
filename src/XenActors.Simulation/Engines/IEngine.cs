namespace XenActors.Simulation;

/// <summary>
/// The port between partitions: the two calls that a window needs. Partitions agree on the earliest pending window, run it,
/// exchange what they sent, and go on.
/// </summary>
internal interface IEngine
{
    /// <summary>How many partitions call this engine.</summary>
    int Partitions { get; }

    /// <summary>The least of all partitions' values. Every partition calls it, then all go on together.</summary>
    long Minimum(int partition, long value);

    /// <summary>All-to-all: hands over this partition's outgoing batches and takes in those meant for it.</summary>
    void Exchange(Partition partition);

    /// <summary>The other processes that share this simulation; null when it has one process to itself.</summary>
    NodesEngine? Shared => null;

    /// <summary>Whether this process runs the partition.</summary>
    bool IsHere(int partition) => true;

    /// <summary>Runs every partition's loop to its end.</summary>
    void Run(ReadOnlySpan<Partition> partitions);
}
