namespace XenActors.Simulation;

/// <summary>The simulation was built or used wrongly, or an actor's failure was escalated past its last parent.</summary>
public sealed class SimulationException : Exception
{
    public SimulationException(string message)
        : base(message)
    {
    }

    public SimulationException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>On several nodes: each of them has thrown it at the same place, so that one may tell it for all.</summary>
    public bool OnAllNodes { get; init; }
}
