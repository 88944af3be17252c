using XenActors.Experiments.Scenarios;

namespace XenActors.Tests.Experiments.Swarms;

public sealed class ScenarioDrawTests
{
    [Fact]
    public void One_seed_draws_one_scenario_and_others_draw_others()
    {
        var drawn = Enumerable.Range(0, 300).Select(s => ScenarioDocument.Write(SmallSwarm.Draw((ulong)s))).ToList();
        Assert.Equal(drawn, Enumerable.Range(0, 300).Select(s => ScenarioDocument.Write(SmallSwarm.Draw((ulong)s))));
        Assert.Equal(300, drawn.Distinct().Count());

        // Not only by the seed that is written into them.
        Assert.InRange(drawn.Select(d => d[d.IndexOf('\n', StringComparison.Ordinal)..]).Distinct().Count(), 290, 300);
    }

    [Fact]
    public void Whatever_is_drawn_is_a_scenario()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var scenario = ScenarioFile.Parse(ScenarioDocument.Write(SmallSwarm.Draw(seed)), "t.conf", AppContext.BaseDirectory, SmallSwarm.Profiles);
            Assert.Equal(seed, scenario.Seed);
            Assert.InRange(scenario.Domains.Count, 1, 2);
            Assert.InRange(scenario.Workloads.Count, 1, 2);
            Assert.InRange(scenario.Faults.Count, 0, 3);
        }
    }

    [Fact]
    public void Faults_name_disks_as_the_configuration_does()
    {
        var aimed = 0;
        for (var seed = 0UL; seed < 200; seed++)
        {
            var document = SmallSwarm.Draw(seed);
            foreach (var (_, fault) in document["faults"] as System.Text.Json.Nodes.JsonObject ?? [])
            {
                if (fault!["device"]?.ToString().Split('/') is [var domain, var device] && !device.StartsWith("vif", StringComparison.Ordinal))
                {
                    aimed++;
                    Assert.Contains(document["domains"]![domain]!["disk"]!.AsArray(), d => d!.ToString().Contains($",{device},", StringComparison.Ordinal));
                }
            }
        }

        Assert.InRange(aimed, 50, 1000);
    }
}
