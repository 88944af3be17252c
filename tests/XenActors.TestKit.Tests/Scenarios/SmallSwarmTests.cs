using XenActors.Simulation;
using XenActors.TestKit;
using XenActors.TestKit.Machines;
using XenActors.TestKit.Scenarios;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Scenarios;

public sealed class SmallSwarmTests(ITestOutputHelper output) : MachineTest(output)
{
    [Theory]
    [Scenario("two-guests.conf")]
    public void Two_guests_do_all_they_have_to(ScenarioCase scenario)
    {
        var outcome = scenario.AssertHolds();
        Assert.All(outcome.Workloads, w => Assert.True(w.Finished));
    }

    [Theory]
    [Swarm("small-swarm.conf", seeds: 5)]
    public void Whatever_is_drawn_holds(ScenarioCase scenario) => scenario.AssertHolds();

    [Theory]
    [Swarm(seeds: 5)]
    public void Late_interrupts_hurt_no_disk(ulong seed)
    {
        UseSeed(seed);
        Check("g1-no-lost-request", "block-linearizable", "liveness");
        Disk("/dev/vg01/disk0", 8192, 1024, 2048);
        var guest = Boot("type='hvm'\nname='g'\nmemory=256\ndisk=['phy:/dev/vg01/disk0,xvda,w']");
        var late = Inject("event-delay", ("device", "g/xvda"), ("delay", "5ms"));
        guest.RunToEnd();
        late.Heal();
        guest.AssertBooted();
        Advance(VirtualDuration.FromSeconds(1));
    }
}
