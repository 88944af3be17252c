using XenActors.Experiments.Bench;
using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Engines;

public sealed class AllocationTests
{
    [Fact]
    public void Phold_allocates_less_than_8_bytes_an_event_in_the_steady_state()
    {
        var simulator = XenActors.Experiments.Bench.Phold.Build(Runs.SmallPhold, EngineOptions.Sequential);
        simulator.RunFor(VirtualDuration.FromMilliseconds(20));
        var events = simulator.EventsHandled;
        var before = GC.GetAllocatedBytesForCurrentThread();
        simulator.RunFor(VirtualDuration.FromMilliseconds(100));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        events = simulator.EventsHandled - events;
        Assert.True(events > 100_000, $"{events} events");
        Assert.True(allocated < 8 * events, $"{allocated} bytes for {events} events");
    }
}
