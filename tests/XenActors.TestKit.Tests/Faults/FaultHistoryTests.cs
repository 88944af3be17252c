using XenActors.Experiments.Faults;
using XenActors.Simulation;
using XenActors.TestKit.Machines;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Faults;

/// <summary>The same acts and the same history on two threads as on one.</summary>
public sealed class FaultHistoryTests(ITestOutputHelper output) : FaultedGuest(output)
{
    protected override EngineOptions Engine => EngineOptions.Threads(2);

    [Theory]
    [InlineData("event-drop")]
    [InlineData("event-storm")]
    [InlineData("ring-flip")]
    [InlineData("domain-pause")]
    [InlineData("vcpu-slow")]
    [InlineData("disk-eio")]
    [InlineData("xenstore-conflict")]
    [InlineData("backend-restart")]
    public void Two_threads_give_the_history_of_one(string kind)
    {
        var other = Another();
        var (mine, its) = (Under(kind, this), Under(kind, other));
        Assert.Equal(its.Acts, mine.Acts);
        Assert.Equal(its.Log, mine.Log);
        Assert.Equal(other.Simulator.Fingerprint, Simulator.Fingerprint);
    }

    [Fact]
    public void Observers_are_told_of_each_act()
    {
        Booted();
        var seen = new Seen();
        Simulator.Observe(seen);
        Job();
        Advance(Ms(1));
        var fault = Usual("event-delay");
        Advance(Ms(100));
        Assert.NotEqual(0, fault.Acts);
        Assert.Equal(fault.Acts, seen.Acts.Count);
        Assert.All(seen.Acts, a => Assert.Equal(("event-delay-1", "event-delay"), (a.Fault, a.Kind)));
    }

    private Fault Under(string kind, MachineTest machine)
    {
        Booted(machine);
        Job(Writer, machine);
        machine.Advance(Ms(1));
        var fault = Usual(kind, machine);
        machine.Advance(Ms(500));
        fault.Heal();
        machine.Advance(Seconds(2));
        return fault;
    }

    private sealed class Seen : IObserve<FaultActed>
    {
        public List<FaultActed> Acts { get; } = [];

        public void On(in Observed at, in FaultActed what) => Acts.Add(what);
    }
}
