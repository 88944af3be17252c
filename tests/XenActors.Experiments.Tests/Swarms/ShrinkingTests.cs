using System.Globalization;
using System.Text.RegularExpressions;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;
using XenActors.Experiments.Zoo;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Swarms;

/// <summary>What swarms find of known defects, made smaller.</summary>
public sealed partial class ShrinkingTests : IDisposable
{
    private const int Runs = 250;

    /// <summary>Those that the first seeds find.</summary>
    private static readonly string[] Quick =
        ["blkback-no-final-check", "blkfront-free-while-mapped", "xenstored-tx-partial-commit", "toolstack-leaks-nodes-on-destroy", "netback-no-final-check"];

    private readonly string _directory = Directory.CreateTempSubdirectory("shrink").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_left_fails_the_same_checker_for_the_same_reason_with_at_most_a_fifth_of_the_messages_in_the_median()
    {
        var findings = new List<FoundFile>();
        foreach (var defect in Quick)
        {
            var outcome = Swarm(defect, Runs);
            var found = Assert.Single(outcome.Findings);
            Assert.NotNull(found.Ratio);
            Assert.Equal(found.Ratio, outcome.MedianRatio);
            var scenario = ScenarioFile.Load(found.File, SmallSwarm.Profiles);
            var again = Run(scenario, EngineOptions.Sequential);
            Assert.Contains(again.Violations, v => v.Checker == found.Violation!.Checker);
            Assert.Equal(found.ShrunkEvents, again.Events);
            Assert.Equal(again.Fingerprint, Run(scenario, EngineOptions.Threads(2)).Fingerprint);

            // It is the defect that is shown, and nothing that a smaller scenario has brought along.
            Assert.Equal([defect], scenario.Defects);
            Assert.Empty(Run(scenario with { Defects = [] }, EngineOptions.Sequential).Violations);
            Comments(found, again.Fingerprint);
            findings.Add(found);
        }

        var all = new SwarmOutcome { Done = 0, Wall = default, VirtualSeconds = 0, Events = 0, Findings = findings, Coverage = new() };
        Assert.InRange(all.MedianRatio!.Value, 0, 0.2);
        Assert.All(findings, f => Assert.InRange(f.ShrunkLines, 1, 15));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"shrunk scenarios have {all.MedianRatio:0.00} of their originals' messages in the median"),
            SwarmText.Of(all), StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_runs_are_made_than_the_budget_has_and_each_is_told()
    {
        var found = Assert.Single(Swarm("xenstored-tx-partial-commit", 1, shrink: false).Findings);
        var scenario = ScenarioDocument.Load(found.File);
        var outcome = SmallSwarm.Run(scenario, stopAtFirst: true);
        var finding = new Finding(found.File, outcome.Seed, scenario, outcome.Violations[0], outcome.Fingerprint, outcome.Events);
        var told = new List<ShrinkProgress>();
        var shrunk = Shrinker.Shrink(finding, SmallSwarm.Profiles, new(20, null), told.Add, CancellationToken.None);
        Assert.Equal(20, told.Count);
        Assert.Equal(Enumerable.Range(1, 20), told.Select(p => p.Runs));
        Assert.All(told, p => Assert.Equal(finding.Events, p.EventsAtFirst));
        Assert.Equal(new FoundAs(finding.Seed, finding.Events, 20), shrunk.Origin);

        // A change that makes the text smaller may cost a few messages.
        Assert.InRange(shrunk.Events, 1, finding.Events * 11 / 10);

        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Shrinker.Shrink(finding, SmallSwarm.Profiles, new(20, null), p =>
        {
            Assert.InRange(p.Runs, 1, 5);
            if (p.Runs == 5)
            {
                cancelled.Cancel();
            }
        }, cancelled.Token));
    }

    [Fact]
    public void A_document_is_left_as_it_was_and_a_smaller_one_is_the_same_each_time()
    {
        var found = Assert.Single(Swarm("xenstored-tx-partial-commit", 1, shrink: false).Findings);
        var scenario = ScenarioDocument.Load(found.File);
        var before = ScenarioDocument.Write(scenario);
        var outcome = SmallSwarm.Run(scenario, stopAtFirst: true);
        var finding = new Finding(found.File, outcome.Seed, scenario, outcome.Violations[0], outcome.Fingerprint, outcome.Events);
        var texts = Enumerable.Range(0, 2).Select(_ => Shrinker.Shrink(finding, SmallSwarm.Profiles, new(60, null), null, CancellationToken.None).Text()).ToList();
        Assert.Equal(before, ScenarioDocument.Write(scenario));
        Assert.Equal(texts[0], texts[1]);
    }

    // What failed, when, what it was and what it is.
    private static void Comments(FoundFile found, Fingerprint fingerprint)
    {
        var lines = File.ReadAllLines(found.File);
        Assert.StartsWith($"# {found.Violation!.Checker} at ", lines[0], StringComparison.Ordinal);
        var match = Second().Match(lines[1]);
        Assert.True(match.Success, lines[1]);
        Assert.Equal(found.Events.ToString(CultureInfo.InvariantCulture), match.Groups["original"].Value);
        Assert.Equal(found.Seed.ToString(CultureInfo.InvariantCulture), match.Groups["seed"].Value);
        Assert.Equal(found.ShrunkEvents.ToString(CultureInfo.InvariantCulture), match.Groups["events"].Value);
        Assert.Equal(fingerprint.ToString(), match.Groups["fingerprint"].Value);
        Assert.StartsWith("seed = ", lines[2], StringComparison.Ordinal);
    }

    private static ScenarioOutcome Run(Scenario scenario, EngineOptions engine) =>
        ScenarioRun.Prepare(scenario, scenario.Seed, engine, SmallSwarm.Profiles, stopAtFirst: true).ToTheEnd(null, CancellationToken.None);

    private SwarmOutcome Swarm(string defect, int runs, bool shrink = true)
    {
        var options = new SwarmOptions
        {
            Files = [Path.Combine(SmallSwarm.Profiles, "swarm", DefectCatalog.Find(defect)!.Swarm + ".conf")],
            Seeds = 100,
            Output = Path.Combine(_directory, defect),
            Defects = [defect],
            StopAtFirst = true,
            Shrink = shrink,
            ShrinkBudget = new(runs, null),
            Profiles = SmallSwarm.Profiles,
        };
        return SwarmRun.Prepare(options).ToTheEnd(null, CancellationToken.None);
    }

    [GeneratedRegex(@"^# shrunk in \d+ runs from (?<original>\d+) messages of \S+, seed (?<seed>\d+); (?<events>\d+) messages, fingerprint (?<fingerprint>\w+)$")]
    private static partial Regex Second();
}
