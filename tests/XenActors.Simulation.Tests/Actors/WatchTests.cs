using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Actors;

public sealed class WatchTests
{
    private readonly Simulator simulator;
    private readonly ActorRef watcher;
    private readonly ActorRef near;
    private readonly ActorRef far;

    public WatchTests()
    {
        var builder = new SimulatorBuilder(1);
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLinks(a, b, new(30));
        simulator = builder.Build();
        watcher = simulator.Spawn<LogActor, LogState>(a, "watcher", new LogState());
        near = simulator.Spawn<LogActor, LogState>(a, "near", new LogState());
        far = simulator.Spawn<LogActor, LogState>(b, "far", new LogState());
    }

    [Fact]
    public void The_end_of_an_actor_beyond_a_link_is_heard_one_latency_later()
    {
        simulator.Tell(watcher, new WatchThat(far));
        simulator.TellAt(new VirtualTime(100), far, new PoisonPill());
        simulator.Run();
        Assert.Equal(["130: end of 2:1"], simulator.Lines(watcher));
    }

    [Fact]
    public void Who_watches_twice_hears_once_and_who_unwatches_never()
    {
        simulator.Tell(watcher, new WatchThat(near));
        simulator.Tell(watcher, new WatchThat(near));
        simulator.Tell(watcher, new WatchThat(far));
        simulator.Tell(watcher, new UnwatchThat(far));
        simulator.TellAt(new VirtualTime(100), near, new Kill());
        simulator.TellAt(new VirtualTime(100), far, new Kill());
        simulator.Run();
        Assert.Equal(["100: end of 1:2"], simulator.Lines(watcher));
    }

    [Fact]
    public void Who_watches_the_dead_hears_at_once()
    {
        simulator.Tell(near, new PoisonPill());
        simulator.Tell(far, new PoisonPill());
        simulator.TellAt(new VirtualTime(100), watcher, new WatchThat(near));
        simulator.TellAt(new VirtualTime(100), watcher, new WatchThat(far));
        simulator.TellAt(new VirtualTime(100), watcher, new WatchThat(new ActorRef(1, 99)));
        simulator.Run();
        Assert.Equal(["100: end of 1:2", "100: end of 1:99", "160: end of 2:1"], simulator.Lines(watcher));
        Assert.Equal(0, simulator.DeadLetters);
    }

    [Fact]
    public void A_poison_pill_comes_after_what_was_sent_before()
    {
        simulator.Tell(near, new Note(1));
        simulator.Tell(near, new PoisonPill());
        simulator.Tell(near, new Note(2));
        var trace = simulator.Traced();
        simulator.Run();
        Assert.False(simulator.IsAlive(near));
        Assert.Null(simulator.StateOf<LogState>(near));
        Assert.Equal(1, simulator.DeadLetters);
        Assert.Equal(["Start", "Note", "PoisonPill", "Note"], trace.Records.Where(r => r.Actor == "a/near").Select(r => r.Message.Split('.')[^1]));
    }

    [Fact]
    public void A_watch_survives_a_snapshot()
    {
        simulator.Tell(watcher, new WatchThat(far));
        simulator.RunUntil(new VirtualTime(100));
        var snapshot = simulator.Snapshot();
        simulator.Restore(snapshot, Snapshots.SnapshotTests.RichTypes);
        simulator.Tell(far, new PoisonPill());
        simulator.Run();
        Assert.Equal(["130: end of 2:1"], simulator.Lines(watcher));
    }
}
