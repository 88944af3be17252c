using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Scenarios;

/// <summary>A fault on one device excuses what works on it, and nothing else of its domain.</summary>
public sealed class DegradedDeviceTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    [Fact]
    public void A_job_on_another_disk_must_finish()
    {
        var outcome = Run("""
            workloads {
              lost { domain = web, filename = xvdb, rw = randread, size = 16 MiB, verify = off }
              whole { domain = web, filename = xvda, rw = randread, size = 64k, verify = off, delay = 3s }
            }
            faults { kill { kind = backend-kill, device = web/xvdb, on { message = BlockIo, nth = 30 } } }
            """);
        Assert.True(outcome.Holds, ScenarioText.Of(outcome));
        Assert.Equal([false, true], outcome.Workloads.Select(w => w.Finished));
    }

    [Fact]
    public void A_job_that_never_ends_on_another_disk_is_a_finding()
    {
        var outcome = Run("""
            workloads {
              lost { domain = web, filename = xvdb, rw = randread, size = 16 MiB, verify = off }
              endless { domain = web, filename = xvda, rw = randread, size = 64k, verify = off, time_based = true, runtime = 1000 }
            }
            faults { kill { kind = backend-kill, device = web/xvdb, on { message = BlockIo, nth = 30 }, heal-after = 1s } }
            end { at = 80s, within = 20s }
            """);
        var violation = Assert.Single(outcome.Violations, v => v.Checker == "liveness" && v.Text.Contains("endless", StringComparison.Ordinal));
        Assert.DoesNotContain("lost (fio)", violation.Text, StringComparison.Ordinal);
    }

    private static ScenarioOutcome Run(string text)
    {
        var scenario = ScenarioFile.Parse("domains { web { disk = [\"phy:/dev/vg/web,xvda,w\", \"phy:/dev/vg/log,xvdb,w\"] } }\n" + text, "t.conf", Profiles, Profiles);
        return ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, Profiles).ToTheEnd(null, CancellationToken.None);
    }
}
