using System.Text.Json.Nodes;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>One run of a drawn or shrunk scenario. Whatever the model does, it comes back with an outcome.</summary>
internal static class ScenarioTrial
{
    /// <exception cref="UserErrorException">The document is no scenario.</exception>
    public static ScenarioOutcome Run(JsonObject document, string profiles, bool coverage, CancellationToken cancel)
    {
        var scenario = ScenarioFile.Parse(ScenarioDocument.Write(document), "swarm.conf", Environment.CurrentDirectory, profiles);
        var run = ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, profiles, stopAtFirst: true);
        if (coverage)
        {
            run.Machine.Simulator.CountMessages();
        }

        return run.ToTheEnd(null, cancel);
    }

    /// <summary>The same, null when the document is no scenario any more: a shrinker has cut too deep.</summary>
    public static ScenarioOutcome? TryRun(JsonObject document, string profiles, CancellationToken cancel)
    {
        try
        {
            return Run(document, profiles, coverage: false, cancel);
        }
        catch (UserErrorException)
        {
            return null;
        }
    }
}
