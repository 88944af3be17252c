using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Tests.Scenarios;

/// <summary>What swarms found where no defect was switched on, made small: none of it fails any more.</summary>
public sealed class FoundScenarioTests
{
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "hocon");

    public static TheoryData<string, string> Found => new()
    {
        {
            "blkfront's event goes to another port: what the guest waits for is behind the disk that the fault has ended",
            """
            seed = 12
            domains { g1 { kernel = mainline-2.6.37, disk = ["phy:/dev/vg/g1a,xvda,w"] } }
            workloads { w2 { number_ios = 16 } }
            faults { f1 { kind = event-misroute, device = "g1/xvda", on { message = UnmapGrants, nth = 1 } } }
            end { at = 900s, settle = 75s, within = 400s }
            """
        },
        {
            "a forged request writes what a flush had made durable",
            """
            seed = 1
            domains { g1 { disk = ["file:/dev/vg/g1b,xvdb,w"] } }
            workloads { w1 { filename = xvdb, fsync = 1, number_ios = 16 } }
            faults { f3 { kind = ring-repeat, device = "g1/xvdb", probability = "0.1", on { message = ResponsesPublished, nth = 4 } } }
            end { at = 16160ms }
            """
        },
        {
            "blkback's module is loaded again while requests are in flight and answered in another order than they came in",
            """
            domains { g { disk = ["phy:/dev/vg/g,xvda,w"] } }
            workloads { w { domain = g, rw = randrw, iodepth = 4, size = 256k } }
            commands { c { run = "reload-backend g/xvda", on { message = DiskRead, nth = 20 } } }
            end { within = 400s }
            """
        },
        {
            "blkback's module is loaded again while a ring's response index is beyond what was asked",
            """
            domains { g1 { disk = ["phy:/dev/vg/g1a,hda,w", "phy:/dev/vg/g1b,xvdb,w"] } }
            workloads { w1 { filename = xvdb, rw = randwrite, iodepth = 4, size = 128k } }
            commands { c1 { run = "reload-backend g1/xvdb", at = 20s } }
            faults { f1 { kind = ring-overflow, device = "g1/xvdb", end = front, by = 46, on { message = BlockRequest, nth = 33 }, heal-after = 1s } }
            end { at = 900s, settle = 75s, within = 400s }
            """
        },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void Holds(string what, string text)
    {
        var scenario = ScenarioFile.Parse(text, what, ".", Profiles);

        var outcome = ScenarioRun.Prepare(scenario, scenario.Seed, EngineOptions.Sequential, Profiles).ToTheEnd(null, CancellationToken.None);

        Assert.Empty(outcome.Violations);
    }
}
