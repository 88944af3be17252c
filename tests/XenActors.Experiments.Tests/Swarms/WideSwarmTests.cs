using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Swarms;

/// <summary>What the shipped ranges draw beside disks and faults of one host.</summary>
public sealed class WideSwarmTests
{
    [Fact]
    public void Hypercalls_right_and_wrong_have_Xens_answers()
    {
        var outcome = Run("""
            domains { web { disk = ["phy:/dev/vg/web,xvda,w"] } }
            workloads { calls { kind = hypercalls, operations = 600, hoard = 8192 }, pages { rw = randrw, size = 256k, offset = 4 MiB, iodepth = 8 } }
            """);
        Assert.Empty(outcome.Violations);
        Assert.All(outcome.Workloads, w => Assert.True(w.Finished, w.Summary));
    }

    [Fact]
    public void Requests_that_no_library_sends_are_answered_as_the_model_says()
    {
        var outcome = Run("""
            domains { web { disk = ["phy:/dev/vg/web,xvda,w"] } }
            workloads { guest { kind = store, domain = web, operations = 300, odd = 60 }, tool { kind = store, operations = 300, odd = 60 } }
            """);
        Assert.Empty(outcome.Violations);
        var branches = outcome.Checkers.Single(c => c.Name == "store-linearizable").Branches;
        Assert.All(
            (string[])["EINVAL", "EPERM", "E2BIG", "no such transaction", "transaction refused", "no such request", "SetTarget", "IsDomainIntroduced", "TransactionEnd"],
            b => Assert.True(branches.ContainsKey(b), b));
    }

    [Theory]
    [InlineData("discard", "Discard")]
    [InlineData("zeroes", "WriteZeroes")]
    [InlineData("secure", "SecureDiscard failed")]
    public void Blocks_are_given_back(string mode, string branch)
    {
        var outcome = Run($$"""
            domains { web { disk = ["phy:/dev/vg/web,xvda,w"] } }
            workloads { back { rw = randtrim, trim_mode = {{mode}}, size = 64k, offset = 4 MiB } }
            """);
        Assert.Empty(outcome.Violations);
        Assert.True(outcome.Checkers.Single(c => c.Name == "block-users-linearizable").Branches.ContainsKey(branch));
    }

    [Fact]
    public void A_fault_finds_its_actors_on_a_host_that_has_a_name()
    {
        var outcome = Run("""
            hosts { a {}, b {} }
            domains { web { host = b, disk = ["phy:/dev/vg/web,xvda,w"] } }
            workloads { pages { domain = web, rw = randrw, size = 64k, offset = 4 MiB } }
            faults {
              late { kind = event-delay, device = web/xvda, heal-at = 60s }
              slow { kind = xenstore-delay, host = b, delay = 100us, heal-at = 3s }
            }
            """);
        Assert.Empty(outcome.Violations);
        Assert.All(outcome.Faults, f => Assert.True(f.Acts > 0, f.Name));
    }

    private static ScenarioOutcome Run(string text)
    {
        var scenario = ScenarioFile.Parse(text, "t.conf", AppContext.BaseDirectory, SmallSwarm.Profiles);
        return ScenarioRun.Prepare(scenario, 1, EngineOptions.Sequential, SmallSwarm.Profiles).ToTheEnd(null, CancellationToken.None);
    }
}
