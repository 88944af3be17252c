using System.Text.Json.Nodes;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>One run of a drawn or shrunk scenario. Whatever the model does, it comes back with an outcome.</summary>
internal static class ScenarioTrial
{
    /// <param name="coverage">Messages are counted by type.</param>
    /// <param name="verify">Run twice more, whatever the document says.</param>
    /// <exception cref="UserErrorException">The document is no scenario.</exception>
    public static ScenarioOutcome Run(JsonObject document, string profiles, bool coverage, bool verify, CancellationToken cancel)
    {
        var scenario = Read(ScenarioDocument.Write(document), profiles);
        return Run(verify ? scenario with { Verify = true } : scenario, scenario.Seed, profiles, coverage, long.MaxValue, cancel);
    }

    /// <exception cref="UserErrorException">The text is no scenario.</exception>
    public static Scenario Read(string text, string profiles) => ScenarioFile.Parse(text, "swarm.conf", Environment.CurrentDirectory, profiles);

    /// <param name="eventsMax">More messages than that are not waited for.</param>
    /// <exception cref="UserErrorException">It names what there is not.</exception>
    public static ScenarioOutcome Run(Scenario scenario, ulong seed, string profiles, bool coverage, long eventsMax, CancellationToken cancel)
    {
        var run = ScenarioRun.Prepare(scenario, seed, EngineOptions.Sequential, profiles, stopAtFirst: true, eventsMax);
        if (coverage)
        {
            run.Machine.Simulator.CountMessages();
        }

        return run.ToTheEnd(null, cancel);
    }
}
