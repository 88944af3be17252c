namespace XenActors.Experiments.Placement;

/// <summary>How the logical processes of a scenario are spread over nodes. No choice changes a history.</summary>
public enum PlacementStrategy
{
    /// <summary>All of a host on one node.</summary>
    ByHost,

    /// <summary>A host's own processes on one node, each of its guests on another.</summary>
    ByDomain,

    /// <summary>As the scenario says, process by process.</summary>
    Explicit,

    /// <summary>By the messages that each process handled in a short run on one thread.</summary>
    Balanced,
}
