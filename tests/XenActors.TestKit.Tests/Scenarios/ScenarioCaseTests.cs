using System.Text.RegularExpressions;
using XenActors.Experiments;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;
using XenActors.TestKit;
using XenActors.TestKit.Scenarios;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit.Scenarios;

public sealed class ScenarioCaseTests
{
    private const string Name = "XenActors.Tests.TestKit.Scenarios.ScenarioCaseTests.Some_test";

    [Fact]
    public void A_scenario_that_fails_fails_the_test_with_what_was_found_and_both_commands()
    {
        var message = Assert.Throws<XunitException>(() => new ScenarioCase("endless.conf", 7, Name).AssertHolds()).Message;
        var lines = message.Split(Environment.NewLine);
        Assert.Equal("endless.conf, seed 7: 1 violation", lines[0]);
        Assert.Equal("scenario endless, seed 7: a run that ends as a failure of the model", lines[1]);
        Assert.Matches(@"(?m)^ +\d+\.\d+ s  model: no end of messages: more than 1000 until \d+\.\d+$", message);
        Assert.Equal($"{Seeds.Variable}=7 dotnet test --filter \"FullyQualifiedName~{Name}\"", lines[^1]);

        // What the command runs is the same history.
        var file = Assert.Single(lines, l => l.StartsWith("xenactors run ", StringComparison.Ordinal))["xenactors run ".Length..];
        var scenario = ScenarioFile.Load(file, Path.Combine(AppContext.BaseDirectory, "hocon"));
        var again = ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Threads(2), Path.Combine(AppContext.BaseDirectory, "hocon")).ToTheEnd(null, CancellationToken.None);
        Assert.Contains($"fingerprint {again.Fingerprint}", message, StringComparison.Ordinal);
        Assert.Contains($"found by {Name}: endless.conf, seed 7;", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_seed_the_files_own_is_taken()
    {
        var outcome = new ScenarioCase("endless.conf", null, Name).Run();
        Assert.Equal((5UL, false), (outcome.Seed, outcome.Holds));
        Assert.Equal(outcome.Fingerprint, new ScenarioCase("endless.conf", 5, Name).Run(EngineOptions.Threads(3)).Fingerprint);
        Assert.NotEqual(outcome.Fingerprint, new ScenarioCase("endless.conf", 6, Name).Run().Fingerprint);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_with_the_places_that_were_searched() =>
        Assert.Matches(
            $"^nowhere.conf: no such scenario or swarm file; looked for {Regex.Escape(AppContext.BaseDirectory)}nowhere.conf, .*hocon/scenarios/nowhere.conf, .*hocon/swarm/nowhere.conf$",
            Assert.Throws<UserErrorException>(() => new ScenarioCase("nowhere.conf", null, Name).Run()).Message);

    [Fact]
    public void Attributes_give_a_row_for_each_seed()
    {
        if (Seeds.Override is not null)
        {
            return;
        }

        var method = typeof(ScenarioCaseTests).GetMethod(nameof(Attributes_give_a_row_for_each_seed))!;
        Assert.Equal([3UL, 4UL], new SwarmAttribute(2) { From = 3 }.GetData(method).Select(r => r[0]));
        Assert.Equal(["s.conf, seed 1", "s.conf, seed 2"], new SwarmAttribute("s.conf", 2).GetData(method).Select(r => r[0].ToString()));
        Assert.Equal(["s.conf"], new ScenarioAttribute("s.conf").GetData(method).Select(r => r[0].ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ulong.MaxValue)]
    public void A_case_survives_the_test_framework(ulong? seed)
    {
        var value = SerializationHelper.Serialize(new ScenarioCase("s.conf", seed, Name));
        var again = SerializationHelper.Deserialize<ScenarioCase>(value);
        Assert.Equal((seed, new ScenarioCase("s.conf", seed, Name).ToString()), (again.Seed, again.ToString()));
    }
}
