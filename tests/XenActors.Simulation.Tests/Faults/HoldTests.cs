using XenActors.Simulation;
using XenActors.Tests.Simulation.Actors;

namespace XenActors.Tests.Simulation.Faults;

/// <summary>What a rule holds comes later, all of it, and in order.</summary>
public sealed class HoldTests
{
    private readonly Simulator simulator;
    private readonly ActorRef echo;

    public HoldTests()
    {
        var builder = new SimulatorBuilder(1);
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLinks(a, b, new(10));
        simulator = builder.Build();
        echo = simulator.Spawn<Echo, LogState>(b, "echo", new LogState());
    }

    private List<string> Lines => simulator.Lines(echo);

    [Fact]
    public void An_actors_messages_wait_for_the_end_and_come_in_their_order()
    {
        simulator.InstallOnActor(echo, Hold(until: 100));
        Tell(5, 1);
        Tell(3, 2);
        Tell(99, 3);
        Tell(100, 4);
        simulator.Run();

        // What is told from outside is first among equals.
        Assert.Equal(["100: 4 from none", "100: 2 from none", "100: 1 from none", "100: 3 from none"], Lines);
    }

    [Fact]
    public void A_rule_that_is_healed_lets_go_at_once()
    {
        var hold = Hold();
        simulator.InstallOnActor(echo, hold);
        Tell(5, 1);
        Tell(6, 2);
        simulator.RunUntil(new VirtualTime(50));
        Assert.Equal((2, 0), (hold.HeldMessages, Lines.Count));
        Simulator.Heal(hold);
        simulator.Run();
        Assert.Equal(["50: 1 from none", "50: 2 from none"], Lines);
        Assert.Equal(0, hold.HeldMessages);
    }

    [Fact]
    public void A_link_holds_what_is_sent_and_keeps_its_latency()
    {
        simulator.InstallOnLink(1, 2, Hold(until: 100));
        simulator.Spawn<Order.Chatty, Order.ChattyState>(1, "chatty", new Order.ChattyState { To = echo });
        simulator.Run();
        Assert.Equal(["110: 0 from 1:1", "110: 1 from 1:1", "110: 2 from 1:1"], Lines);
    }

    [Fact]
    public void A_held_timer_can_still_be_cancelled()
    {
        var alarm = simulator.Spawn<Alarm, AlarmState>(2, "alarm", new AlarmState());
        var hold = Hold(until: 100);
        simulator.InstallOnActor(alarm, hold);
        simulator.Tell(alarm, new Arm(7, new(20)));
        simulator.TellAt(new VirtualTime(60), alarm, new Disarm());
        simulator.Run();
        Assert.Equal(1, hold.Verdicts);
        Assert.Equal(["60: cancelled True"], simulator.StateOf<AlarmState>(alarm)!.Lines);
    }

    [Fact]
    public void What_throws_among_the_held_is_its_parents_affair_and_the_rest_still_comes()
    {
        var builder = new SimulatorBuilder(1);
        builder.AddProcess("p");
        var one = builder.Build();
        var (failing, log) = (one.Spawn<LogActor, LogState>(1, "failing", new LogState()), one.Spawn<LogActor, LogState>(1, "log", new LogState()));
        var hold = new HoldNotesAndKills { Until = new VirtualTime(100) };
        one.InstallOnPath("p/*", hold);
        one.TellAt(new VirtualTime(1), failing, new Kill());
        one.TellAt(new VirtualTime(2), log, new Note(1));
        one.TellAt(new VirtualTime(3), failing, new Note(2));
        one.Run();
        Assert.False(one.IsAlive(failing));
        Assert.Equal(3, hold.Verdicts);
        Assert.Single(one.Lines(log));
        Assert.Equal(1, one.DeadLetters);
    }

    [Fact]
    public void Nothing_that_is_held_is_lost_in_a_snapshot()
    {
        var builder = new SimulatorBuilder(1);
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLinks(a, b, new(10));
        var other = builder.Build();
        var twin = other.Spawn<Echo, LogState>(b, "echo", new LogState());
        foreach (var (s, e) in new[] { (simulator, echo), (other, twin) })
        {
            s.InstallOnActor(e, Hold(until: 100));
            s.InstallOnPath("b/ec*", Hold(until: 200));
        }

        Tell(5, 1);
        Tell(150, 2);
        simulator.Tell(echo, new Arm(9, new(20)));
        simulator.RunUntil(new VirtualTime(70));
        other.Restore(simulator.Snapshot(), Snapshots.SnapshotTests.RichTypes);
        simulator.Run();
        other.Run();
        Assert.Equal(["100: 1 from none", "100: 9 from 2:1", "200: 2 from none"], Lines);
        Assert.Equal(Lines, other.Lines(twin));
        Assert.Equal(simulator.Fingerprint, other.Fingerprint);
    }

    private static FaultRule<Note> Hold(long until = long.MaxValue) => new("hold", (_, _) => Verdict.Hold) { Until = new VirtualTime(until) };

    private void Tell(long at, int number) => simulator.TellAt(new VirtualTime(at), echo, new Note(number));
}

public sealed class HoldNotesAndKills() : FaultRule("hold")
{
    protected internal override Verdict Judge(in Delivery delivery, ref RandomStream random) =>
        delivery.Type.Type == typeof(Note) || delivery.Type.Type == typeof(Kill) ? Verdict.Hold : Verdict.Pass;
}
