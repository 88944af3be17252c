using XenActors.Simulation;

namespace XenActors.Tests.Simulation;

/// <summary>Small simulations around <see cref="LogActor"/>.</summary>
internal static class Logs
{
    public static (Simulator Simulator, ActorRef Log) One(ulong seed = 1)
    {
        var builder = new SimulatorBuilder(seed);
        var process = builder.AddProcess("p", vcpus: 2);
        var simulator = builder.Build();
        return (simulator, simulator.Spawn<LogActor, LogState>(process, "log", new LogState()));
    }

    public static List<string> Lines(this Simulator simulator, ActorRef log) => simulator.StateOf<LogState>(log)!.Lines;
}
