using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Actors;

[Codec]
public readonly partial record struct Arm(int Number, VirtualDuration After);

[Codec]
public readonly partial record struct Disarm;

[Codec]
public sealed partial class AlarmState
{
    public List<string> Lines { get; } = [];

    public TimerId Last { get; set; }
}

public sealed class Alarm : Actor<AlarmState>
{
    public void On(in Arm arm) => State.Last = Context.StartTimer(new Note(arm.Number), arm.After);

    public void On(in Disarm disarm) => State.Lines.Add($"{Context.Now.Nanoseconds}: cancelled {Context.CancelTimer(State.Last)}");

    public void On(in Note note) => State.Lines.Add($"{Context.Now.Nanoseconds}: {note.Number} from {Sender == Self}");
}

public sealed class TimerTests
{
    private readonly Simulator simulator = Build();
    private readonly ActorRef alarm = new(1, 1);

    private List<string> Lines => simulator.StateOf<AlarmState>(alarm)!.Lines;

    [Fact]
    public void A_timer_fires_once_and_comes_from_oneself()
    {
        simulator.Tell(alarm, new Arm(7, new(50)));
        simulator.Run();
        Assert.Equal(["50: 7 from True"], Lines);
    }

    [Fact]
    public void A_timer_cancelled_before_its_time_never_fires()
    {
        simulator.Tell(alarm, new Arm(7, new(50)));
        simulator.TellAt(new VirtualTime(49), alarm, new Disarm());
        simulator.Run();
        Assert.Equal(["49: cancelled True"], Lines);
        Assert.Equal(0, simulator.DeadLetters);
    }

    [Fact]
    public void Cancelling_after_the_time_or_twice_says_no()
    {
        simulator.Tell(alarm, new Arm(7, new(50)));
        simulator.TellAt(new VirtualTime(60), alarm, new Disarm());
        simulator.TellAt(new VirtualTime(100), alarm, new Arm(8, new(50)));
        simulator.TellAt(new VirtualTime(110), alarm, new Disarm());
        simulator.TellAt(new VirtualTime(120), alarm, new Disarm());
        simulator.Run();
        Assert.Equal(["50: 7 from True", "60: cancelled False", "110: cancelled True", "120: cancelled False"], Lines);
    }

    [Fact]
    public void A_timer_that_was_never_started_cannot_be_cancelled()
    {
        simulator.Tell(alarm, new Disarm());
        simulator.Run();
        Assert.Equal(["0: cancelled False"], Lines);
    }

    [Fact]
    public void An_old_id_does_not_cancel_a_new_timer_in_the_same_slot()
    {
        var table = new TimerTable();
        var old = table.Start(0);
        Assert.True(table.Fire(old.Slot, out _));
        var young = table.Start(0);
        Assert.Equal(old.Slot, young.Slot);
        Assert.False(table.Cancel(old));
        Assert.True(table.Cancel(young));
        Assert.False(table.Cancel(new TimerId(-1, 1)));
        Assert.False(table.Cancel(new TimerId(99, 1)));
    }

    [Fact]
    public void A_snapshot_keeps_live_and_cancelled_timers()
    {
        simulator.Tell(alarm, new Arm(1, new(100)));
        simulator.Tell(alarm, new Disarm());
        simulator.Tell(alarm, new Arm(2, new(100)));
        simulator.Tell(alarm, new Arm(3, new(100)));
        simulator.RunUntil(new VirtualTime(50));
        var other = Build();
        other.Restore(simulator.Snapshot(), Snapshots.SnapshotTests.RichTypes);
        other.Tell(alarm, new Disarm());
        other.Run();
        Assert.Equal(["0: cancelled True", "50: cancelled True", "100: 2 from True"], other.StateOf<AlarmState>(alarm)!.Lines);
        simulator.Run();
        Assert.Equal(["0: cancelled True", "100: 2 from True", "100: 3 from True"], Lines);
    }

    /// <summary>A timer belongs to the incarnation that started it: the new one has forgotten its id, and starts its own.</summary>
    [Theory]
    [InlineData(Directive.Restart, false)]
    [InlineData(Directive.Stop, false)]
    [InlineData(Directive.Resume, true)]
    public void A_restart_or_a_stop_cancels_the_timers_and_a_resume_does_not(Directive directive, bool fires)
    {
        var run = new FamilyRun(directive);
        var kid = run.At("top/0");
        run.Simulator.Tell(kid, new Do(Order.StartTimer));
        run.Simulator.Tell(kid, new Do(Order.Throw));
        run.Simulator.Run();
        Assert.Equal(fires, run.Said().Any(s => s.Contains("has handled")));
        Assert.Equal(0, run.Simulator.DeadLetters);
    }

    private static Simulator Build()
    {
        var builder = new SimulatorBuilder(1);
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        simulator.Spawn<Alarm, AlarmState>(process, "alarm", new AlarmState());
        simulator.RunUntil(VirtualTime.Zero);
        return simulator;
    }
}
