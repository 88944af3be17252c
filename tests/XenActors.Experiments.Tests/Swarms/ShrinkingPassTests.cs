using System.Text.Json.Nodes;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;

namespace XenActors.Tests.Experiments.Swarms;

/// <summary>What a shrinker's passes take away, and what they leave.</summary>
public sealed class ShrinkingPassTests
{
    [Fact]
    public void A_fault_that_acts_by_chance_and_often_acts_once()
    {
        var shrunk = Shrunk("""
            domains { g { disk = ["phy:/dev/vg/g,xvda,w"], type = pv, bootloader = pygrub } }
            workloads { w { domain = g, rw = randread, iodepth = 2, size = 256k } }
            faults { f { kind = ring-repeat, device = g/xvda, end = front, count = 20, probability = 0.6, on { message = ResponsesPublished, nth = 10 }, heal-after = 10s } }
            defects = [blkfront-response-id-unchecked]
            """, runs: 120);
        var fault = shrunk.Document["faults"]!["f"]!.AsObject();
        Assert.False(fault.ContainsKey("probability"), fault.ToJsonString());
        Assert.False(fault.ContainsKey("count"), fault.ToJsonString());
        var outcome = SmallSwarm.Run(shrunk.Document, stopAtFirst: true);
        Assert.Equal(shrunk.Violation.Checker, outcome.Violations[0].Checker);
        Assert.Equal(1, Assert.Single(outcome.Faults).Acts);
        Assert.Single(outcome.Faults[0].FirstActs);
    }

    [Fact]
    public void A_domain_goes_with_all_that_speaks_of_it_and_its_volumes()
    {
        var document = Parse("""
            domains { a { disk = ["phy:/dev/vg/a,xvda,w"] }, b { disk = ["phy:/dev/vg/b,xvda,w"] }, ab { disk = [] } }
            volumes { "/dev/vg/a" { size = 34 MiB }, "/dev/vg/b" { size = 34 MiB } }
            workloads { first { size = 64k }, its { domain = a }, frames { kind = net, domain = b, peer = a }, dom0s { kind = store }, others { domain = b } }
            commands { its { run = "xl block-detach a xvda", at = 1s }, others { run = "xl block-detach b xvda", at = 1s } }
            faults { its { kind = event-drop, device = b/xvda, on { device = a/xvda, state = 4 } }, others { kind = event-drop, device = b/xvda } }
            """);
        PartCuts.Without(document, "a");
        Assert.Equal(["b", "ab"], PartCuts.Names(document, "domains"));
        Assert.Equal(["/dev/vg/b"], PartCuts.Names(document, "volumes"));

        // A job that names no domain is the first one's, and is nobody's when that is gone.
        Assert.Equal(["dom0s", "others"], PartCuts.Names(document, "workloads"));
        Assert.Equal(["others"], PartCuts.Names(document, "commands"));
        Assert.Equal(["others"], PartCuts.Names(document, "faults"));
        PartCuts.Without(document, "ab");
        Assert.Equal(["dom0s", "others"], PartCuts.Names(document, "workloads"));
    }

    [Fact]
    public void Patience_is_not_shortened_for_what_does_not_end()
    {
        var shrunk = Shrunk("""
            domains { g { disk = ["phy:/dev/vg/g,xvda,w"], vif = [""] } }
            workloads { w { domain = g, rw = randrw, iodepth = 1, size = 64k } }
            end { at = 900s, within = 400s, settle = 3s }
            defects = [blkback-no-final-check]
            checkers = []
            """, runs: 60);
        Assert.Equal("liveness", shrunk.Violation.Checker);
        Assert.Equal("400s", shrunk.Document["end"]!["within"]!.ToString());
        Assert.InRange(shrunk.Violation.At.Nanoseconds, 330_000_000_000, 420_000_000_000);
        Assert.False(((JsonObject)shrunk.Document["domains"]!["g"]!).ContainsKey("vif"));
        Assert.Equal("pv", shrunk.Document["domains"]!["g"]!["type"]!.ToString());
    }

    [Fact]
    public void Frames_keep_their_two_ends_and_dom0_receives_as_well_as_a_guest()
    {
        var shrunk = Shrunk("""
            domains {
              a { disk = ["phy:/dev/vg/a,xvda,w"], vif = [""], type = pv, bootloader = pygrub }
              b { disk = ["phy:/dev/vg/b,xvda,w"], vif = [""], type = pv, bootloader = pygrub }
            }
            workloads { w { kind = net, domain = b, peer = a, count = 20, frame = 200 } }
            end { within = 400s }
            defects = [netback-no-final-check]
            checkers = []
            """, runs: 40);
        Assert.Equal("liveness", shrunk.Violation.Checker);
        Assert.Equal(["b"], PartCuts.Names(shrunk.Document, "domains"));
        var frames = shrunk.Document["workloads"]!["w"]!.AsObject();
        Assert.Equal(("b", "dom0"), (frames["domain"]!.ToString(), frames["peer"]!.ToString()));
        Assert.False(frames.ContainsKey("frame"));
        shrunk.Document.Remove("defects");
        Assert.Empty(SmallSwarm.Run(shrunk.Document).Violations);
    }

    private static JsonObject Parse(string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return ScenarioDocument.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Finding Shrunk(string text, int runs)
    {
        var document = Parse(text);
        var outcome = SmallSwarm.Run(document, stopAtFirst: true);
        Assert.NotEmpty(outcome.Violations);
        var finding = new Finding("t.conf", outcome.Seed, document, outcome.Violations[0], outcome.Fingerprint, outcome.Events);
        return Shrinker.Shrink(finding, SmallSwarm.Profiles, new(runs, null), null, CancellationToken.None);
    }
}
