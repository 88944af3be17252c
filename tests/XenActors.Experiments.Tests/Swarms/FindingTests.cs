using System.Text.Json.Nodes;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Swarms;

public sealed class FindingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("swarm").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // A guest's boot handles more messages than these; and its kernel waits longer than this without anything being done.
    [Theory]
    [InlineData("end { messages = 2500, settle = 0s }", "model", "no end of messages: more than 2500 until ")]
    [InlineData("domains { count = 1 }\nend { within = 1s }", "liveness", "something has not finished: ")]
    public void A_finding_and_what_it_shrinks_to_replay_to_the_same_fingerprint_on_every_engine(string end, string checker, string text)
    {
        var outcome = Swarm(SmallSwarm.Text + "\n" + end, seeds: 1);
        var found = Assert.Single(outcome.Findings);
        Assert.Equal(checker, found.Violation!.Checker);
        Assert.StartsWith(text, found.Violation.Text, StringComparison.Ordinal);
        var files = Directory.GetFiles(_directory, "*.conf").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, files.Count);
        Assert.Equal(found.File, files.Single(f => f.EndsWith(".min.conf", StringComparison.Ordinal)));
        Assert.InRange(found.ShrunkEvents, 1, found.Events);
        foreach (var file in files)
        {
            var scenario = ScenarioFile.Load(file, SmallSwarm.Profiles);
            var fingerprint = File.ReadLines(file).ElementAt(1).Split("fingerprint ")[1];
            foreach (var engine in (EngineOptions[])[EngineOptions.Sequential, EngineOptions.Threads(2), EngineOptions.Threads(3)])
            {
                var again = ScenarioRun.Prepare(scenario, scenario.Seed, engine, SmallSwarm.Profiles, stopAtFirst: true).ToTheEnd(null, CancellationToken.None);
                Assert.Equal((fingerprint, checker), (again.Fingerprint.ToString(), again.Violations[0].Checker));
            }
        }
    }

    [Fact]
    public void A_swarm_of_clean_runs_finds_nothing_and_reaches_no_branch_that_is_not_declared()
    {
        var outcome = Swarm(SmallSwarm.Text, seeds: 12);
        Assert.Empty(outcome.Findings);
        Assert.Equal(12, outcome.Done);
        Assert.Empty(outcome.Coverage.Branches.Keys.Except(CoverageUniverse.Branches));
        Assert.NotEmpty(outcome.Coverage.Branches);
        Assert.NotEmpty(outcome.Coverage.Faults);
        Assert.Subset(CoverageUniverse.Faults.ToHashSet(), outcome.Coverage.Faults.Keys.ToHashSet());
    }

    [Fact]
    public void Two_jobs_find_what_one_finds()
    {
        var one = Swarm(SmallSwarm.Text + "\nend { messages = 2500 }", shrink: false);
        Directory.Delete(_directory, recursive: true);
        var two = Swarm(SmallSwarm.Text + "\nend { messages = 2500 }", shrink: false, jobs: 2);
        Assert.Equal(one.Findings.Select(f => f.Key), two.Findings.Select(f => f.Key));
        Assert.Equal((one.Done, one.Events, one.VirtualSeconds), (two.Done, two.Events, two.VirtualSeconds));
        Assert.Equal(one.Coverage.Branches, two.Coverage.Branches);
        Assert.Equal(one.Coverage.Messages, two.Coverage.Messages);
    }

    [Fact]
    public void Every_checker_declares_its_branches_once()
    {
        foreach (var checker in CheckerCatalog.CreateAll())
        {
            Assert.NotEmpty(checker.AllBranches);
            Assert.Equal(checker.AllBranches.Count, checker.AllBranches.Distinct().Count());
        }
    }

    [Fact]
    public void The_universe_of_messages_is_what_actors_of_a_host_handle()
    {
        Assert.Contains("XenActors.Xenstore.XsRequest", CoverageUniverse.Messages);
        Assert.Contains("XenActors.Machine.Disks.DiskWrite", CoverageUniverse.Messages);
        Assert.DoesNotContain(CoverageUniverse.Messages, m => m.Contains(".Outside.", StringComparison.Ordinal) || m.Contains("TestKit", StringComparison.Ordinal));
    }

    private SwarmOutcome Swarm(string ranges, int seeds = 3, int jobs = 1, bool shrink = true)
    {
        var file = Path.Combine(Directory.CreateDirectory(_directory).FullName, "ranges");
        File.WriteAllText(file, $"swarm {{\n{ranges}\n}}\n");
        var options = new SwarmOptions { Files = [file], Seeds = seeds, Jobs = jobs, Output = _directory, Shrink = shrink, Profiles = SmallSwarm.Profiles };
        return SwarmRun.Prepare(options).ToTheEnd(null, CancellationToken.None);
    }
}
