using XenActors.Simulation;

namespace XenActors.Experiments.Bench;

/// <summary>PHOLD's parameters; lookahead and mean in virtual nanoseconds.</summary>
public sealed record PholdOptions(int Processes, int Population, int RemotePerMille, VirtualDuration Mean, VirtualDuration Lookahead, ulong Seed)
{
    public static readonly PholdOptions Default =
        new(1024, 16, 1000, VirtualDuration.FromMilliseconds(1), VirtualDuration.FromMicroseconds(100), 1);
}

/// <summary>Builds PHOLD through the same API that every other actor uses.</summary>
public static class Phold
{
    public static Simulator Build(PholdOptions options, EngineOptions engine)
    {
        var builder = new SimulatorBuilder(options.Seed) { Engine = engine, DefaultLatency = options.Lookahead };
        for (var i = 0; i < options.Processes; i++)
        {
            builder.AddProcess($"lp{i}");
        }

        var simulator = builder.Build();
        for (var i = 1; i <= options.Processes; i++)
        {
            simulator.Spawn<PholdActor, PholdState>(i, "phold", new PholdState
            {
                Processes = options.Processes,
                Mean = options.Mean,
                RemotePerMille = options.RemotePerMille,
                Lookahead = options.Lookahead,
                Population = options.Population,
            });
        }

        return simulator;
    }
}
