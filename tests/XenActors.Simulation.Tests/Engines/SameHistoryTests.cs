using XenActors.Experiments.Bench;
using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Engines;

public sealed class SameHistoryTests
{
    public static TheoryData<ulong, int> SeedsAndPartitions()
    {
        var data = new TheoryData<ulong, int>();
        foreach (var seed in new ulong[] { 1, 2, 3, 77, ulong.MaxValue })
        {
            foreach (var partitions in new[] { 1, 2, 3, 8 })
            {
                data.Add(seed, partitions);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SeedsAndPartitions))]
    public void The_rich_workload_has_one_history_on_every_engine(ulong seed, int partitions)
    {
        var sequential = Runs.Rich(seed);
        var threads = Runs.Rich(seed, partitions);
        Runs.AssertSame(sequential, threads);
        Assert.Equal(sequential.Simulator.EventsHandled, threads.Simulator.EventsHandled);
        Assert.True(sequential.Simulator.EventsHandled > 3000, $"{sequential.Simulator.EventsHandled} events");
    }

    [Theory]
    [MemberData(nameof(SeedsAndPartitions))]
    public void Phold_has_one_history_on_every_engine(ulong seed, int partitions)
    {
        var sequential = Phold(seed, 0);
        var threads = Phold(seed, partitions);
        Runs.AssertSame(sequential, threads);
        Assert.Equal(sequential.Simulator.EventsHandled, threads.Simulator.EventsHandled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Tracing_changes_nothing(int partitions)
    {
        var traced = Runs.Rich(5, partitions);
        var plain = RichRun.Build(5, Runs.Engine(partitions));
        plain.Run();
        Assert.Equal(traced.Simulator.Fingerprint, plain.Fingerprint);
        Assert.Equal(traced.Simulator.EventsHandled, plain.EventsHandled);
        Assert.Equal(traced.Simulator.Now, plain.Now);
    }

    [Fact]
    public void Another_seed_gives_another_history() =>
        Assert.NotEqual(Runs.Rich(1).Simulator.Fingerprint, Runs.Rich(2).Simulator.Fingerprint);

    [Fact]
    public void The_rich_workload_reaches_what_it_is_meant_to_test()
    {
        var (simulator, log) = Runs.Rich(1);
        Assert.True(simulator.DeadLetters > 10);
        foreach (var message in new[] { nameof(Terminated), nameof(Kill), nameof(PoisonPill), nameof(Fail), nameof(Parcel), nameof(Letter) })
        {
            Assert.Contains(log.Records, r => r.Message.EndsWith("." + message, StringComparison.Ordinal));
        }

        Assert.Contains(log.Records, r => r.Actor.EndsWith("/sub", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_simulators_in_one_process_do_not_affect_each_other()
    {
        var one = RichRun.Build(1, EngineOptions.Sequential);
        var two = RichRun.Build(2, EngineOptions.Threads(2));
        for (var i = 0; i < 300; i++)
        {
            one.RunFor(VirtualDuration.FromMicroseconds(47));
            two.RunFor(VirtualDuration.FromMicroseconds(61));
        }

        one.Run();
        two.Run();
        Assert.Equal(Runs.Rich(1).Simulator.Fingerprint, one.Fingerprint);
        Assert.Equal(Runs.Rich(2).Simulator.Fingerprint, two.Fingerprint);
    }

    [Theory]
    [InlineData(EngineKind.Sequential, 2)]
    [InlineData(EngineKind.Threads, 0)]
    [InlineData(EngineKind.Threads, 2000)]
    public void An_engine_that_cannot_be_is_refused(EngineKind kind, int partitions) =>
        Assert.Contains("no engine", Assert.Throws<SimulationException>(
            () => new SimulatorBuilder(1) { Engine = new EngineOptions(kind, partitions) }.Build()).Message);

    private static (Simulator Simulator, TraceLog Log) Phold(ulong seed, int partitions)
    {
        var simulator = XenActors.Experiments.Bench.Phold.Build(Runs.SmallPhold with { Seed = seed }, Runs.Engine(partitions));
        var log = simulator.Traced();
        simulator.RunUntil(new VirtualTime(2_000_003));
        return (simulator, log);
    }
}
