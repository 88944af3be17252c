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
}
