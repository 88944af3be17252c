using XenActors.Experiments.Bench;
using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Engines;

/// <summary>
/// Histories as numbers. A change of these literals is a change of every recorded history: the commit that makes it must say why
/// (a rule of order, a hash, a message's fields or name, a generator), and seeds recorded before it replay no longer.
/// </summary>
public sealed class PinnedFingerprintTests
{
    [Fact]
    public void Phold()
    {
        var simulator = XenActors.Experiments.Bench.Phold.Build(Runs.SmallPhold, EngineOptions.Sequential);
        simulator.RunUntil(new VirtualTime(1_000_000));
        Assert.Equal("6ef5f8b09371fc72", simulator.Fingerprint.ToString());
    }

    [Fact]
    public void The_rich_workload()
    {
        var simulator = RichRun.Build(1, EngineOptions.Sequential);
        simulator.Run();
        Assert.Equal("50df466e407195d6", simulator.Fingerprint.ToString());
    }
}
