using XenActors.Experiments;
using XenActors.Experiments.Checkers.Machine;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Scenarios;

/// <summary>G9, wired: a run that is done again.</summary>
public sealed class VerifiedRunTests : IDisposable
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    // An image whose bytes are others whenever it is read.
    private const string Changing = """
        domains { web { disk = ["phy:/dev/vg/web,xvda,w"] } }
        volumes { "/dev/vg/web" { image = "/proc/sys/kernel/random/uuid" } }
        end { settle = 1s }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("verify").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_run_that_is_done_again_says_so_and_its_history_is_that_of_one_that_is_not()
    {
        var plain = Scenario("domains { web { disk = [\"phy:/dev/vg/web,xvda,w\"] } }\nend { settle = 1s }");
        Assert.False(plain.Verify);
        var once = Run(plain);
        var outcome = Run(plain with { Verify = true });
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.Equal((once.Fingerprint, once.Events), (outcome.Fingerprint, outcome.Events));
        Assert.DoesNotContain(once.Checkers, c => c.Name == Determinism.Name);
        Assert.Contains($"holds  g9-determinism: {once.Events} seen\n", ScenarioText.Of(outcome), StringComparison.Ordinal);
        Assert.Equal(Determinism.AllBranches.Order(StringComparer.Ordinal), outcome.Checkers[^1].Branches.Keys);
    }

    [Fact]
    public void What_differs_the_second_time_is_told_with_the_record_where_it_begins()
    {
        Assert.True(Run(Scenario(Changing)).Holds);
        var outcome = Run(Scenario(Changing + "\ncheckers = [g9-determinism]"));
        var violation = Assert.Single(outcome.Violations);
        Assert.Equal("g9-determinism", violation.Checker);
        Assert.Matches(
            "^a second run \\(on one thread\\) gave another history, in [^:]*: [0-9a-f]+ after \\d+ messages and not [0-9a-f]+ after \\d+; record \\d+ of the trace was \\[.* #[0-9a-f]{16}\\] and then \\[.* #[0-9a-f]{16}\\]$",
            violation.Text);
        Assert.True(violation.At <= outcome.End);
        Assert.Contains("FAILED  g9-determinism", ScenarioText.Of(outcome), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(0, 0)]
    public void A_swarm_does_every_nth_seed_of_each_file_again(int every, int verified)
    {
        // Two files in turns: 1 and 2 begin, then 5 of the first.
        var outcome = Swarm("host = generic-xen-4.17\nend { settle = 0s }", every, seeds: 5);
        Assert.Empty(outcome.Findings);
        Assert.Equal(verified, outcome.Coverage.Branches.GetValueOrDefault("g9-determinism: once more on one thread"));
        Assert.Equal(verified, outcome.Coverage.Branches.GetValueOrDefault("g9-determinism: once more on several threads"));
        var section = CoverageSection.All(outcome.Coverage).Single(s => s.Key == "checkers");
        Assert.Equal(verified == 0, section.Never.Contains("g9-determinism"));
    }

    [Fact]
    public void Another_history_is_a_finding_whose_file_shows_it_again()
    {
        var outcome = Swarm(Changing, every: 1, seeds: 1);
        var found = Assert.Single(outcome.Findings);
        Assert.Equal("g9-determinism", found.Violation!.Checker);
        var kept = ScenarioFile.Load(found.File, Profiles);
        Assert.True(kept.Verify);
        Assert.Equal("g9-determinism", Run(kept).Violations.Single().Checker);
    }

    private SwarmOutcome Swarm(string text, int every, int seeds)
    {
        var files = new List<string>();
        foreach (var name in (string[])["a.conf", "b.conf"])
        {
            files.Add(Path.Combine(_directory, name));
            File.WriteAllText(files[^1], text);
        }

        return SwarmRun.Prepare(new()
        {
            Files = files, Seeds = seeds, Output = Path.Combine(_directory, "out"), Shrink = false, Profiles = Profiles, VerifyEvery = every,
        }).ToTheEnd(null, CancellationToken.None);
    }

    private static Scenario Scenario(string text) => ScenarioFile.Parse(text, "test.conf", Profiles, Profiles);

    private static ScenarioOutcome Run(Scenario scenario) =>
        ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, Profiles).ToTheEnd(null, CancellationToken.None);
}
