using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Workload;

/// <summary>A simulation that uses everything that the runtime offers, at random.</summary>
public static class RichRun
{
    public const int Processes = 6;

    public static readonly TypeCatalog Types = new(typeof(RichRun).Assembly);

    public static Simulator Build(ulong seed, EngineOptions engine, int beats = 400)
    {
        var builder = new SimulatorBuilder(seed) { Engine = engine, DefaultLatency = VirtualDuration.FromMicroseconds(9) };
        for (var i = 1; i <= Processes; i++)
        {
            builder.AddProcess($"p{i}", vcpus: 1 + (i % 2));
        }

        // A ring of links of their own; the others have the default latency.
        for (var i = 1; i <= Processes; i++)
        {
            builder.AddLink(i, (i % Processes) + 1, VirtualDuration.FromMicroseconds(3 + i));
        }

        var simulator = builder.Build();
        for (var i = 1; i <= Processes; i++)
        {
            var hub = simulator.Spawn<Hub, HubState>(i, "hub", new HubState { Processes = Processes, BeatsLeft = beats });
            simulator.InstallOnLink(i, (i % Processes) + 1, new RandomFault($"link {i}"));
            if (i % 2 == 0)
            {
                simulator.InstallOnActor(hub, new FaultRule<Letter>("no odd letters", (_, letter) => letter.Note is null ? Verdict.Pass : Verdict.Drop));
                simulator.InstallOnActor(hub, new RandomFault($"hub {i}"));
            }
        }

        return simulator;
    }
}
