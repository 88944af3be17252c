namespace XenActors.Simulation;

public enum EngineKind
{
    Sequential,
    Threads,

    /// <summary>Several processes of the operating system (<see cref="INodes"/>).</summary>
    Nodes,
}

/// <summary>How a simulation is executed. No choice here changes a history.</summary>
public sealed record EngineOptions(EngineKind Kind, int Partitions)
{
    public static readonly EngineOptions Sequential = new(EngineKind.Sequential, 1);

    public static EngineOptions Threads(int partitions) => new(EngineKind.Threads, partitions);

    /// <param name="nodes">The processes that share the simulation.</param>
    /// <param name="types">Where message types that come from another node are looked up by name.</param>
    /// <param name="build">Equal on nodes that have the same binaries.</param>
    /// <param name="scenario">Equal on nodes that run the same thing.</param>
    /// <param name="partitionsPerNode">Threads of each node.</param>
    public static EngineOptions Nodes(INodes nodes, TypeCatalog types, string build, string scenario, int partitionsPerNode = 1) =>
        new(EngineKind.Nodes, nodes.Count * partitionsPerNode) { Way = nodes, Types = types, Build = build, Scenario = scenario };

    /// <summary>Which partition runs which process: given the processes' names, by number, an owner for each. Null: equal slices in the order of their numbers.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<int>>? Placement { get; init; }

    /// <summary>Runs are timed (<see cref="Simulator.Statistics"/>).</summary>
    public bool Measured { get; init; }

    internal INodes? Way { get; private init; }

    internal TypeCatalog? Types { get; private init; }

    internal string Build { get; private init; } = "";

    internal string Scenario { get; private init; } = "";

    internal IEngine Create() => Measured ? new MeasuredEngine(Plain()) : Plain();

    private IEngine Plain() => Kind switch
    {
        EngineKind.Nodes when Way is { Count: 1 } && Partitions == 1 => new SequentialEngine(),
        EngineKind.Nodes when Way is { Count: 1 } => new ThreadsEngine(Partitions),
        EngineKind.Nodes when Way is not null && Partitions is > 0 and <= 4096 => new NodesEngine(Way, Partitions / Way.Count, Types!),
        EngineKind.Sequential when Partitions == 1 => new SequentialEngine(),
        EngineKind.Threads when Partitions is > 0 and <= 1024 => new ThreadsEngine(Partitions),
        _ => throw new SimulationException($"no engine {Kind} with {Partitions} partitions"),
    };
}
