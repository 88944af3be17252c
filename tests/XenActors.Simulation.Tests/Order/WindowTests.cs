using XenActors.Experiments.Bench;
using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Order;

public sealed class WindowTests
{
    [Theory]
    [InlineData(1, 3_333)]
    [InlineData(2, 7_919)]
    [InlineData(3, 10_007)]
    [InlineData(4, 1_000_003)]
    public void Odd_slices_give_the_history_of_one_run(ulong seed, long slice)
    {
        var whole = RichRun.Build(seed, EngineOptions.Sequential, beats: 100);
        var wholeLog = whole.Traced();
        whole.RunUntil(new VirtualTime(20_000_000));

        var sliced = RichRun.Build(seed, EngineOptions.Threads(2), beats: 100);
        var slicedLog = sliced.Traced();
        while (sliced.Now < whole.Now)
        {
            sliced.RunUntil(sliced.Now + new VirtualDuration(slice) < whole.Now ? sliced.Now + new VirtualDuration(slice) : whole.Now);
        }

        Runs.AssertSame((whole, wholeLog), (sliced, slicedLog));
    }

    [Fact]
    public void A_limit_inside_a_window_leaves_what_comes_later()
    {
        var builder = new SimulatorBuilder(1);
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        foreach (var at in new long[] { 10, 20, 30 })
        {
            simulator.TellAt(new VirtualTime(at), log, new Note((int)at));
        }

        simulator.RunUntil(new VirtualTime(20));
        Assert.Equal(["10: 10"], simulator.StateOf<LogState>(log)!.Lines);
        Assert.Equal(new VirtualTime(20), simulator.Now);
        Assert.False(simulator.Idle);
        simulator.RunFor(new VirtualDuration(1));
        Assert.Equal(["10: 10", "20: 20"], simulator.StateOf<LogState>(log)!.Lines);
        simulator.Run();
        Assert.Equal(3, simulator.StateOf<LogState>(log)!.Lines.Count);
        Assert.True(simulator.Idle);
    }

    [Fact]
    public void Time_does_not_run_backwards()
    {
        var simulator = new SimulatorBuilder(1).Build();
        simulator.RunUntil(new VirtualTime(100));
        Assert.Contains("is before", Assert.Throws<SimulationException>(() => simulator.RunUntil(new VirtualTime(99))).Message);
        Assert.Contains("is before", Assert.Throws<SimulationException>(
            () => simulator.TellAt(new VirtualTime(99), new ActorRef(0, 1), new Note(1))).Message);
    }

    [Fact]
    public void The_last_nanosecond_of_all_can_be_reached()
    {
        var builder = new SimulatorBuilder(1);
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        simulator.Run();
        simulator.TellAt(new VirtualTime(long.MaxValue - 1), log, new Note(-3));
        simulator.TellAt(VirtualTime.Never, log, new Note(9));
        simulator.Run();
        Assert.Equal(4, simulator.StateOf<LogState>(log)!.Lines.Count);
        simulator.RunFor(new VirtualDuration(long.MaxValue));
        Assert.False(simulator.Idle); // "Never" is later than every event that is handled.
    }

    [Fact]
    public void What_is_told_after_a_run_that_only_skipped_cancelled_timers_arrives_in_order()
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new(64) };
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<CancellerActor, LogState>(process, "log", new LogState());
        simulator.Run();
        Assert.True(simulator.Now >= new VirtualTime(CancellerActor.Later), $"{simulator.Now}");
        simulator.Tell(log, new Note(1));
        simulator.TellAt(simulator.Now + new VirtualDuration(100), log, new Note(2));
        simulator.Run();
        Assert.Equal(["1", "2"], simulator.StateOf<LogState>(log)!.Lines.Select(l => l.Split(": ")[1]));
    }

    [Fact]
    public void An_actor_can_end_the_run_and_the_rest_stays_pending()
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new(64) };
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        simulator.TellAt(new VirtualTime(10), log, new Note(LogActor.StopAt));
        simulator.TellAt(new VirtualTime(30), log, new Note(1));
        simulator.TellAt(new VirtualTime(90), log, new Note(2));
        simulator.RunUntil(new VirtualTime(20));
        Assert.Equal(new VirtualTime(20), simulator.Now);
        simulator.TellAt(new VirtualTime(21), log, new Note(LogActor.StopAt));
        simulator.Run();
        Assert.Equal(new VirtualTime(64), simulator.Now);
        Assert.False(simulator.Idle);
        simulator.Run();
        Assert.Equal(5 - 1, simulator.StateOf<LogState>(log)!.Lines.Count);
    }

    [Fact]
    public void Far_future_events_come_in_order()
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new(1) };
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        var random = new RandomStream(1, "far");
        var times = Enumerable.Range(0, 500).Select(i => random.Next(i % 3 == 0 ? 1000 : 100_000_000)).ToArray();
        foreach (var at in times)
        {
            simulator.TellAt(new VirtualTime(at), log, new Note(1));
        }

        simulator.Run();
        Assert.Equal(times.Order().Select(t => $"{t}: 1"), simulator.StateOf<LogState>(log)!.Lines);
    }
}
