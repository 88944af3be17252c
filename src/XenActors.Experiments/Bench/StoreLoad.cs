namespace XenActors.Experiments.Bench;

/// <summary>What the simulated clients of <see cref="StoreBench"/> ask.</summary>
public enum StoreLoad
{
    Reads,
    Writes,

    /// <summary>Seven reads to three writes.</summary>
    Mix,

    /// <summary>Start, ten reads, five writes, commit.</summary>
    Transactions,

    /// <summary>Writes of nodes that another client watches.</summary>
    Watches,
}
