using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>One seed, one history: on every engine, with tracing on or off, and across a snapshot.</summary>
public sealed class BootDeterminismTests : IDisposable
{
    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    public static TheoryData<int> Partitions => [1, 2, 3, 8];

    [Theory]
    [MemberData(nameof(Partitions))]
    public void Threads_give_the_history_of_one_thread(int partitions)
    {
        var session = _rig.Page();
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var one = Traced(session, seed, EngineOptions.Sequential);
            var many = Traced(session, seed, EngineOptions.Threads(partitions));
            var difference = TraceDiff.First(one.Trace, many.Trace);
            Assert.True(difference is null, difference?.ToString());
            Assert.Equal(one.Machine.Simulator.Fingerprint, many.Machine.Simulator.Fingerprint);
        }
    }

    [Fact]
    public void Tracing_changes_nothing()
    {
        var session = _rig.Page();
        Assert.Equal(Traced(session, 1, EngineOptions.Sequential).Machine.Simulator.Fingerprint, BootRig.Run(session).Simulator.Fingerprint);
    }

    [Fact]
    public void A_hundred_seeds_give_a_hundred_boots_and_histories()
    {
        var result = new BootSeeds(_rig.Page(), 1, 100, 2, [EngineOptions.Threads(3)]).Run(null, CancellationToken.None);
        Assert.Equal(100, result.Booted);
        Assert.Equal(100, result.Histories);
        Assert.Empty(result.Different);
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(700, 3)]
    [InlineData(3327, 2)]
    public void A_boot_goes_on_from_a_snapshot_as_if_it_had_never_stopped(int milliseconds, int partitions)
    {
        var session = _rig.Page();
        var unbroken = BootRig.Run(session).Simulator.Fingerprint;
        var first = session.Build(1, EngineOptions.Sequential);
        first.Simulator.RunFor(VirtualDuration.FromMilliseconds(milliseconds));
        var snapshot = first.Simulator.Snapshot();
        var second = session.Build(1, EngineOptions.Threads(partitions));
        second.Simulator.Restore(snapshot, new TypeCatalog(typeof(XenMachine).Assembly));

        // In slices of its own: where a run is looked at is not part of its history.
        Assert.True(BootRun.ToTheEnd(second, null, CancellationToken.None));
        Assert.Equal(unbroken, second.Simulator.Fingerprint);
        Assert.Equal("xvda1", second.Kernel(second.Guests[0])!.RootDevice);
    }

    [Fact]
    public void Two_guests_boot_on_one_host()
    {
        var second = _rig.Write("second.cfg", File.ReadAllText(BootRig.Example("f16pvhvm.cfg")).Replace("f16pvhvm", "second", StringComparison.Ordinal));
        var session = _rig.Prepare(new BootOptions { Configs = [BootRig.Example("f16pvhvm.cfg"), second], Kernel = "fedora16-3.1" });
        var results = GuestResult.Of(BootRig.Run(session), session);
        Assert.Equal(["f16pvhvm", "second"], results.Select(r => r.Name));
        Assert.All(results, r => Assert.True(r.Verdict.Disk && r.Verdict.Net));
    }

    private static (XenMachine Machine, TraceLog Trace) Traced(BootSession session, ulong seed, EngineOptions engine)
    {
        var machine = session.Build(seed, engine);
        var trace = new TraceLog();
        machine.Simulator.TraceTo(trace);
        BootRun.ToTheEnd(machine, null, CancellationToken.None);
        return (machine, trace);
    }
}
