using XenActors.Experiments;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Scenarios;

/// <summary>What lies behind a scenario's disks.</summary>
public sealed class VolumeScenarioTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    // fio works where the volume was not before.
    private const string Growing = """
        domains { web { disk = ["phy:/dev/vg/web,xvda,w", "phy:/dev/vg/log,xvdb,w"] } }
        volumes { "/dev/vg/log" { size = 8 MiB, partitions = [] } }
        workloads { w { domain = web, filename = xvdb, rw = randrw, size = 1 MiB, offset = 8 MiB, delay = 5s } }
        commands { grow { run = "resize /dev/vg/log 16MiB", at = 14s } }
        """;

    [Fact]
    public void A_volume_that_was_made_longer_is_longer_in_the_guest_which_says_so_and_uses_it()
    {
        var run = Prepare(Growing);
        var outcome = run.ToTheEnd(null, CancellationToken.None);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.True(outcome.Workloads[0].Finished, outcome.Workloads[0].Summary);
        Assert.Contains("2048 sectors checked, 0 bad", outcome.Workloads[0].Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("EIO", outcome.Workloads[0].Summary, StringComparison.Ordinal);
        var log = run.Machine.Sites[0].Machine.Kernel(1)!.Log.Select(l => l.Text).ToList();
        Assert.Equal(["Setting capacity to 32768", "xvdb: detected capacity change from 16384 to 32768"], log.SkipWhile(l => !l.StartsWith("Setting capacity", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_hosts_do_not_write_one_volume()
    {
        var mistake = Assert.Throws<UserErrorException>(() => Prepare(
            """
            hosts { a {}, b {} }
            domains {
              web { host = a, disk = ["phy:/dev/vg/one,xvda,w"] }
              db { host = b, disk = ["phy:/dev/vg/one,xvda,w"] }
            }
            """));
        Assert.Equal("t.conf:4:6: /dev/vg/one: expected a volume that one host writes but found it on a and b: give each its own, or mode r", mistake.Message);
    }

    [Fact]
    public void Two_hosts_read_one_volume_and_nobody_objects()
    {
        var outcome = Prepare(
            """
            hosts { a {}, b {} }
            domains {
              web { host = a, disk = ["phy:/dev/vg/web,xvda,w", "phy:/dev/vg/one,xvdb,r"] }
              db { host = b, disk = ["phy:/dev/vg/db,xvda,w", "phy:/dev/vg/one,xvdb,r"] }
            }
            workloads {
              x { domain = web, filename = xvdb, rw = randread, size = 1 MiB, verify = off }
              y { domain = db, filename = xvdb, rw = randread, size = 1 MiB, verify = off }
            }
            """).ToTheEnd(null, CancellationToken.None);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.All(outcome.Workloads, w => Assert.True(w.Finished, w.Summary));
    }

    private static ScenarioRun Prepare(string text)
    {
        var scenario = ScenarioFile.Parse(text, "t.conf", Profiles, Profiles);
        return ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, Profiles);
    }
}
