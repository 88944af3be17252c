using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Processes;

[Codec]
public readonly partial record struct HoldOthers;

[Codec]
public readonly partial record struct ReleaseOthers(bool Drop);

[Codec]
public readonly partial record struct Heard(int Number);

[Codec]
public readonly partial record struct Remind(int Number, VirtualDuration After);

[Codec]
public sealed partial class HearingState
{
    public List<string> Heard { get; set; } = [];
}

/// <summary>In place 1: holds and releases those behind it.</summary>
public sealed class HoldingActor : Actor<NoState>
{
    public void On(in HoldOthers m) => Context.Hold(2);

    public void On(in ReleaseOthers m) => Context.Release(m.Drop);
}

public sealed class HearingActor : Actor<HearingState>
{
    public void On(in Heard m) => State.Heard.Add($"{m.Number} at {Context.Now.Nanoseconds}");

    public void On(in Remind m) => Context.StartTimer(new Heard(m.Number), m.After);
}

public sealed class HoldTests
{
    private readonly Simulator simulator;
    private readonly ActorRef holder;
    private readonly ActorRef hearer;

    public HoldTests() => (simulator, holder, hearer) = Build();

    [Fact]
    public void What_is_sent_to_a_held_actor_arrives_in_order_when_it_is_released()
    {
        simulator.Tell(hearer, new Remind(1, new VirtualDuration(50)));
        simulator.TellAt(new VirtualTime(10), holder, new HoldOthers());
        simulator.TellAt(new VirtualTime(60), hearer, new Heard(2));
        simulator.TellAt(new VirtualTime(70), hearer, new Heard(3));
        simulator.TellAt(new VirtualTime(100), holder, new ReleaseOthers(false));
        simulator.TellAt(new VirtualTime(200), hearer, new Heard(4));
        simulator.Run();
        Assert.Equal(["1 at 100", "2 at 100", "3 at 100", "4 at 200"], State(simulator).Order(StringComparer.Ordinal));
        Assert.True(State(simulator).IndexOf("2 at 100") < State(simulator).IndexOf("3 at 100"));
    }

    [Fact]
    public void What_has_waited_can_be_dropped_and_the_actor_goes_on()
    {
        simulator.Tell(hearer, new Remind(1, new VirtualDuration(50)));
        simulator.TellAt(new VirtualTime(10), holder, new HoldOthers());
        simulator.TellAt(new VirtualTime(60), hearer, new Heard(2));
        simulator.TellAt(new VirtualTime(100), holder, new ReleaseOthers(true));
        simulator.TellAt(new VirtualTime(200), hearer, new Remind(3, new VirtualDuration(5)));
        simulator.Run();
        Assert.Equal(["3 at 205"], State(simulator));
    }

    [Fact]
    public void A_held_actor_can_be_killed()
    {
        simulator.TellAt(new VirtualTime(10), holder, new HoldOthers());
        simulator.TellAt(new VirtualTime(20), hearer, new Kill());
        simulator.Run();
        Assert.False(simulator.IsAlive(hearer));
    }

    [Fact]
    public void What_waits_is_part_of_a_snapshot()
    {
        var (other, _, _) = Build();
        simulator.Tell(hearer, new Remind(1, new VirtualDuration(50)));
        simulator.TellAt(new VirtualTime(10), holder, new HoldOthers());
        simulator.TellAt(new VirtualTime(60), hearer, new Heard(2));
        simulator.RunUntil(new VirtualTime(80));
        other.Restore(simulator.Snapshot(), new TypeCatalog(typeof(HoldTests).Assembly, typeof(Simulator).Assembly));
        foreach (var one in (Simulator[])[simulator, other])
        {
            one.TellAt(new VirtualTime(100), holder, new ReleaseOthers(false));
            one.Run();
            Assert.Equal(["1 at 100", "2 at 100"], State(one).Order(StringComparer.Ordinal));
        }

        Assert.Equal(simulator.Fingerprint, other.Fingerprint);
    }

    private List<string> State(Simulator one) => one.StateOf<HearingState>(hearer)!.Heard;

    private static (Simulator Simulator, ActorRef Holder, ActorRef Hearer) Build()
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new VirtualDuration(8) };
        var process = builder.AddProcess("one");
        var made = builder.Build();
        return (made, made.Spawn<HoldingActor, NoState>(process, "holder", new()), made.Spawn<HearingActor, HearingState>(process, "hearer", new()));
    }
}
