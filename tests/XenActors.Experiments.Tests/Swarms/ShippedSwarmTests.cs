using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Swarms;

public sealed class ShippedSwarmTests
{
    [Theory]
    [MemberData(nameof(SwarmFiles))]
    public void The_shipped_ranges_draw_scenarios(string file)
    {
        var source = SwarmSource.Load(Path.Combine(SmallSwarm.Profiles, "swarm", file), SmallSwarm.Profiles);
        for (var seed = 0UL; seed < 150; seed++)
        {
            // Domains, disks and faults are found, too.
            var scenario = ScenarioFile.Parse(ScenarioDocument.Write(source.Draw(seed)), $"seed {seed}", AppContext.BaseDirectory, SmallSwarm.Profiles);
            ScenarioRun.Prepare(scenario, seed, EngineOptions.Sequential, SmallSwarm.Profiles);
        }
    }

    public static TheoryData<string> SwarmFiles() => [.. Directory.GetFiles(Path.Combine(SmallSwarm.Profiles, "swarm"), "*.conf").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
}
