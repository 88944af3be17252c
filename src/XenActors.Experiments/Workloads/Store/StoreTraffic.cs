using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Store;

/// <summary>A client of xenstore that does this and that: what and how often.</summary>
[Codec]
public sealed partial record StoreTraffic
{
    /// <summary>The directory that it works in; it is the client's own.</summary>
    public string Path { get; init; } = "";

    public int Operations { get; init; } = 100;

    /// <summary>How many names there are in the directory.</summary>
    public int Keys { get; init; } = 8;

    /// <summary>The mean time between an answer and the next request.</summary>
    public VirtualDuration Interval { get; init; } = VirtualDuration.FromMilliseconds(1);

    /// <summary>Percent of the operations that are transactions of several requests.</summary>
    public int Transactions { get; init; } = 20;

    /// <summary>Percent of the operations that set or take back a watch.</summary>
    public int Watches { get; init; } = 5;

    /// <summary>Percent of the watches that are set on directories of others, whether it may read them or not.</summary>
    public int ForeignWatches { get; init; }

    /// <summary>Percent of the operations that are what no library sends.</summary>
    public int Odd { get; init; }
}
