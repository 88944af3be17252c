using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Snapshots;

public sealed class SnapshotTests
{
    public static TheoryData<ulong, int, int> Ways()
    {
        var data = new TheoryData<ulong, int, int>();
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            data.Add(seed, 0, 0);
            data.Add(seed, 0, 3);
            data.Add(seed, 2, 0);
            data.Add(seed, 3, 8);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_restored_run_goes_on_as_the_unbroken_one(ulong seed, int from, int to)
    {
        var unbroken = Runs.Rich(seed, beats: 200);
        var first = RichRun.Build(seed, Runs.Engine(from), beats: 200);
        var log = first.Traced();
        foreach (var at in new long[] { 33, 400_001, 1_234_567, 3_000_000 })
        {
            first.RunUntil(new VirtualTime(at));
            var second = RichRun.Build(seed, Runs.Engine(to), beats: 200);
            second.Restore(first.Snapshot(), RichRun.Types);
            Assert.Equal(first.Fingerprint, second.Fingerprint);
            var continued = new TraceLog();
            foreach (var record in log.Records)
            {
                continued.Record(in record);
            }

            second.TraceTo(continued);
            second.Run();
            Runs.AssertSame(unbroken, (second, continued));
        }
    }

    [Fact]
    public void A_snapshot_is_the_same_on_every_engine()
    {
        var bytes = new[] { 0, 1, 2, 8 }.Select(partitions =>
        {
            var run = RichRun.Build(7, Runs.Engine(partitions));
            run.RunUntil(new VirtualTime(1_000_000));
            return run.Snapshot();
        }).ToArray();
        Assert.All(bytes, b => Assert.Equal(bytes[0], b));
    }

    [Fact]
    public void A_restored_simulator_gives_the_snapshot_that_it_was_restored_from()
    {
        var run = RichRun.Build(7, EngineOptions.Sequential);
        run.RunUntil(new VirtualTime(1_000_000));
        var snapshot = run.Snapshot();
        var other = RichRun.Build(7, EngineOptions.Threads(3));
        other.Restore(snapshot, RichRun.Types);
        Assert.Equal(snapshot, other.Snapshot());
        for (var process = 0; process <= RichRun.Processes; process++)
        {
            Assert.Equal(run.SnapshotProcess(process), other.SnapshotProcess(process));
        }
    }

    [Fact]
    public void A_used_simulator_forgets_what_it_did_before()
    {
        var run = RichRun.Build(7, EngineOptions.Sequential);
        run.RunUntil(new VirtualTime(500_000));
        var snapshot = run.Snapshot();
        run.Run();
        var end = (run.Fingerprint, run.Now);
        run.Restore(snapshot, RichRun.Types);
        Assert.Equal(new VirtualTime(500_000), run.Now);
        run.Run();
        Assert.Equal(end, (run.Fingerprint, run.Now));
    }

    [Fact]
    public void A_failed_run_has_no_snapshot_and_can_be_restored()
    {
        var (simulator, log) = Logs.One();
        var snapshot = simulator.Snapshot();
        simulator.Tell(log, new WatchThat(new ActorRef(55, 1)));
        Assert.Throws<SimulationException>(simulator.Run);
        Assert.Throws<SimulationException>(simulator.Run);
        Assert.Equal("a run that has failed has no snapshot", Assert.Throws<SimulationException>(simulator.Snapshot).Message);
        simulator.Restore(snapshot, RichTypes);
        simulator.Tell(log, new Note(1));
        simulator.Run();
        Assert.Single(simulator.StateOf<LogState>(log)!.Lines);
    }

    [Fact]
    public void A_restore_brings_a_stopped_actor_back_with_its_fault_rules()
    {
        var (simulator, log) = Logs.One();
        simulator.InstallOnActor(log, new FaultRule<Note>("drop", (_, _) => Verdict.Drop));
        simulator.Run();
        var snapshot = simulator.Snapshot();
        simulator.Tell(log, new PoisonPill());
        simulator.Run();
        simulator.Restore(snapshot, RichTypes);
        simulator.Tell(log, new Note(1));
        simulator.Run();
        Assert.Empty(simulator.Lines(log));
    }

    [Fact]
    public void A_fresh_process_continues_to_the_same_end()
    {
        foreach (var (seed, partitions) in new[] { (1UL, 1), (2UL, 3) })
        {
            var unbroken = RichRun.Build(seed, EngineOptions.Sequential);
            unbroken.RunUntil(new VirtualTime(2_000_000));
            var snapshot = unbroken.Snapshot();
            unbroken.Run();
            Assert.Equal($"{unbroken.Fingerprint} {unbroken.Now} {unbroken.DeadLetters}", ChildProcess.Continue(snapshot, seed, partitions));
        }
    }

    internal static readonly TypeCatalog RichTypes = new(typeof(SnapshotTests).Assembly, typeof(RichRun).Assembly);
}
