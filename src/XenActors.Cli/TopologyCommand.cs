using System.CommandLine;
using XenActors.Experiments.Placement;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors topology</c>: which logical process of a scenario runs where on several nodes, and what lies between them.</summary>
internal static class TopologyCommand
{
    public static Command Create()
    {
        var scenario = new Argument<string>("SCENARIO") { Description = "A scenario file." };
        var seed = Options.Number<ulong>("--seed", 0, 0, ulong.MaxValue, "The seed instead of the file's.");
        var nodes = Options.Number("--nodes", 2, 1, 1024, "Processes that share the simulation.");
        var each = Options.Number("--partitions", 1, 1, 64, "Threads of each node.");
        var command = new Command("topology", "Show which logical process of a scenario runs on which node, and the cuts between nodes.") { scenario, seed, nodes, each };
        command.SetLongAction((result, _) =>
        {
            var read = ScenarioFile.Load(result.GetValue(scenario)!, RunCommand.Profiles);
            var chosen = result.GetResult(seed) is { Implicit: false } ? result.GetValue(seed) : read.Seed;
            var load = MeasuredLoad.Of(read, chosen, RunCommand.Profiles);
            var owners = Owners(read, chosen, result.GetValue(nodes), result.GetValue(each), load);
            Console.Out.Write(Topology.Text(load, owners, result.GetValue(nodes), result.GetValue(each)));
            return 0;
        });
        return command;
    }

    /// <param name="load">What was measured; null when it has not been, and need not be to tell what is wrong.</param>
    /// <exception cref="XenActors.Experiments.UserErrorException">The scenario or its placement is wrong.</exception>
    public static IReadOnlyList<int> Owners(Scenario scenario, ulong seed, int nodes, int each, MeasuredLoad? load)
    {
        var simulator = load?.Simulator ?? ScenarioRun.Prepare(scenario, seed, EngineOptions.Sequential, RunCommand.Profiles).Machine.Simulator;
        return new Places(nodes, each).Of(scenario.Placement, simulator.ProcessNames, load?.Handled);
    }
}
