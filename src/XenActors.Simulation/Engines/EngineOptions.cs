namespace XenActors.Simulation;

public enum EngineKind
{
    Sequential,
    Threads,
}

/// <summary>How a simulation is executed. No choice here changes a history.</summary>
public sealed record EngineOptions(EngineKind Kind, int Partitions)
{
    public static readonly EngineOptions Sequential = new(EngineKind.Sequential, 1);

    public static EngineOptions Threads(int partitions) => new(EngineKind.Threads, partitions);

    internal IEngine Create() => Kind switch
    {
        EngineKind.Sequential when Partitions == 1 => new SequentialEngine(),
        EngineKind.Threads when Partitions is > 0 and <= 1024 => new ThreadsEngine(Partitions),
        _ => throw new SimulationException($"no engine {Kind} with {Partitions} partitions"),
    };
}
