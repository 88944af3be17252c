using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Scenarios;

/// <summary>What lies in <c>hocon/scenarios</c>: everything happens, and everything holds.</summary>
public sealed class ShippedScenarioTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    public static TheoryData<string> Shipped => [.. Directory.GetFiles(Path.Combine(Profiles, "scenarios"), "*.conf").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void All_checkers_hold_and_two_threads_give_the_history_of_one(string name)
    {
        var scenario = ScenarioFile.Load(Path.Combine(Profiles, "scenarios", $"{name}.conf"), Profiles);
        var outcome = Run(scenario, EngineOptions.Sequential);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.Equal("everything was done", outcome.EndedBy);
        Assert.NotEmpty(scenario.Description);
        Assert.All(outcome.Commands, c => Assert.Equal("done", c.Answer));
        Assert.All(outcome.Faults, f => Assert.True(f is { Installed: not null, Acts: > 0 }, $"{f.Name} did nothing"));
        Assert.All(outcome.Workloads, w => Assert.True(w.Finished || name == "power-loss", $"{w.Name}: {w.Summary}"));
        var threads = Run(scenario, EngineOptions.Threads(2));
        Assert.Equal((outcome.Fingerprint, outcome.Events, ScenarioText.Of(outcome)), (threads.Fingerprint, threads.Events, ScenarioText.Of(threads)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_backend_s_module_that_is_loaded_again_ends_first_what_is_in_flight(int seed)
    {
        var scenario = ScenarioFile.Load(Path.Combine(Profiles, "scenarios", "blkback-restart.conf"), Profiles);
        var outcome = ScenarioRun.Prepare(scenario, (ulong)seed, EngineOptions.Sequential, Profiles).ToTheEnd(null, CancellationToken.None);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.All(outcome.Workloads, w => Assert.True(w.Finished && !w.Summary.Contains("EIO", StringComparison.Ordinal), w.Summary));
    }

    [Fact]
    public void A_rebooted_guest_lives_on_under_its_next_number_and_one_that_was_shut_down_is_gone()
    {
        var outcome = Run(ScenarioFile.Load(Path.Combine(Profiles, "scenarios", "crash-and-reboot.conf"), Profiles), EngineOptions.Sequential);
        Assert.Equal(
            [(4, "booted: root file system on xvda1, after an end as domain 1"), (5, "gone, after an end as domain 2"), (3, "booted: root file system on xvda1")],
            outcome.Domains.Select(d => ((int)d.Domain, d.State)));
    }

    [Fact]
    public void A_workload_whose_domain_was_destroyed_by_a_command_is_lost_and_not_stalled()
    {
        var outcome = Run(
            """
            domains { web { disk = ["phy:/dev/vg/web,xvda,w"] } }
            workloads { pages { domain = web, rw = randrw, size = 16 MiB } }
            commands { gone { run = "xl destroy web", on { message = BlockIo, nth = 50 } }, again { run = "xl pause web", at = 20s } }
            """);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.Equal("everything was done", outcome.EndedBy);
        Assert.False(outcome.Workloads[0].Finished);
        Assert.Equal("gone", outcome.Domains[0].State);
        Assert.Equal(["done", "1 is an invalid domain identifier (rc=-6)"], outcome.Commands.Select(c => c.Answer));
    }

    [Fact]
    public void Frames_that_a_switch_has_no_room_for_are_told_and_no_finding()
    {
        // A frame longer than a port's buffer never leaves it.
        var outcome = Run(
            """
            hosts { a {}, b {} }
            network { port-buffer = 1k }
            domains {
              web { host = a, disk = ["phy:/dev/vg/web,xvda,w"], vif = [""] }
              db { host = b, disk = ["phy:/dev/vg/db,xvda,w"], vif = [""] }
            }
            workloads { frames { kind = net, domain = web, peer = db, frame = 1500, count = 10 } }
            """);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.StartsWith("10 sent, 0 received, 10 lost", outcome.Workloads[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_get_on_is_told_and_explained()
    {
        var scenario = ScenarioFile.Parse(
            """
            domains { web { disk = ["phy:/dev/vg/web,xvda,w"] } }
            end { within = 2s }
            """, "stall.conf", Profiles, Profiles);
        var outcome = Run(scenario, EngineOptions.Sequential);
        Assert.Equal("nothing went on", outcome.EndedBy);
        Assert.Contains(outcome.Violations, v => v.Checker == "liveness" && v.Text.Contains("the kernel boots", StringComparison.Ordinal));
        var explained = ExplainedRun.Of(scenario, 1, EngineOptions.Sequential, Profiles, 20, null, CancellationToken.None)!;
        Assert.InRange(explained.Lines.Count, 2, 20);
        Assert.Contains("!!! liveness: something has not finished", explained.Text());
        Assert.StartsWith("sequenceDiagram", explained.Mermaid());
    }

    private static ScenarioOutcome Run(string text) => Run(ScenarioFile.Parse(text, "test.conf", Profiles, Profiles), EngineOptions.Sequential);

    private static ScenarioOutcome Run(Scenario scenario, EngineOptions engine) =>
        ScenarioRun.Prepare(scenario, scenario.Seed, engine, Profiles).ToTheEnd(null, CancellationToken.None);
}
