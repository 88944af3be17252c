using XenActors.Simulation;
using XenActors.Tests.Simulation.Actors;

namespace XenActors.Tests.Simulation.Faults;

/// <summary>Tells a log in another process who sent what.</summary>
public sealed class Echo : Actor<LogState>
{
    public void On(in Note note) => State.Lines.Add($"{Context.Now.Nanoseconds}: {note.Number} from {Sender}");

    public void On(in Arm arm) => Context.StartTimer(new Note(arm.Number), arm.After);
}

public sealed class Thrower(bool negative) : FaultRule("thrower")
{
    protected internal override Verdict Judge(in Delivery delivery, ref RandomStream random) =>
        negative ? Verdict.Delay(new(-5)) : throw new InvalidOperationException("oops");
}

public sealed class FaultRuleTests
{
    private readonly Simulator simulator;
    private readonly ActorRef echo;

    public FaultRuleTests()
    {
        var builder = new SimulatorBuilder(1);
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLinks(a, b, new(10));
        simulator = builder.Build();
        echo = simulator.Spawn<Echo, LogState>(b, "echo", new LogState());
        simulator.Spawn<Order.Chatty, Order.ChattyState>(a, "chatty", new Order.ChattyState { To = echo });
    }

    private List<string> Lines => simulator.Lines(echo);

    [Fact]
    public void A_link_drops_delays_and_duplicates()
    {
        simulator.InstallOnLink(1, 2, OnNote(n => n switch { 0 => Verdict.Drop, 1 => Verdict.Delay(new(5)), _ => Verdict.Duplicate(new(7)) }));
        simulator.Run();
        Assert.Equal(["10: 2 from 1:1", "15: 1 from 1:1", "17: 2 from 1:1"], Lines);
    }

    [Fact]
    public void An_actor_drops_delays_and_duplicates_and_the_sender_stays_the_same()
    {
        simulator.InstallOnActor(echo, OnNote(n => n switch { 0 => Verdict.Drop, 1 => Verdict.Delay(new(5)), _ => Verdict.Duplicate(new(7)) }));
        simulator.Run();
        Assert.Equal(["10: 2 from 1:1", "15: 1 from 1:1", "17: 2 from 1:1"], Lines);
    }

    [Fact]
    public void A_duplicate_in_no_time_follows_at_once()
    {
        simulator.InstallOnActor(echo, OnNote(_ => Verdict.Duplicate(default)));
        simulator.Run();
        Assert.Equal([.. new[] { 0, 0, 1, 1, 2, 2 }.Select(n => $"10: {n} from 1:1")], Lines);
    }

    [Fact]
    public void A_delayed_timer_still_comes_from_oneself()
    {
        simulator.InstallOnActor(echo, OnNote(n => n == 9 ? Verdict.Delay(new(5)) : Verdict.Drop));
        simulator.Tell(echo, new Arm(9, new(50)));
        simulator.Run();
        Assert.Equal(["55: 9 from 2:1"], Lines);
    }

    [Fact]
    public void Rules_are_asked_in_order_until_one_answers()
    {
        var first = OnNote(n => n == 0 ? Verdict.Deliver : Verdict.Pass);
        var second = OnNote(_ => Verdict.Drop);
        simulator.InstallOnLink(1, 2, first);
        simulator.InstallOnLink(1, 2, second);
        simulator.Run();
        Assert.Equal(["10: 0 from 1:1"], Lines);
        Assert.Equal((1, 2), (first.Verdicts, second.Verdicts));
    }

    [Fact]
    public void A_healed_rule_is_asked_no_more()
    {
        var rule = OnNote(_ => Verdict.Drop);
        simulator.InstallOnLink(1, 2, rule);
        Simulator.Heal(rule);
        simulator.Run();
        Assert.Equal(3, Lines.Count);
    }

    [Fact]
    public void A_rule_has_one_place()
    {
        var rule = OnNote(_ => Verdict.Drop);
        simulator.InstallOnLink(1, 2, rule);
        Assert.Equal("fault rule note is installed already", Assert.Throws<SimulationException>(() => simulator.InstallOnLink(2, 1, rule)).Message);
    }

    [Fact]
    public void A_rule_needs_a_link_of_its_own() =>
        Assert.Equal("no link of its own from a to a", Assert.Throws<SimulationException>(() => simulator.InstallOnLink(1, 1, OnNote(_ => Verdict.Drop))).Message);

    [Theory]
    [InlineData(true, false, "fault rule thrower answered with the negative duration -5ns")]
    [InlineData(false, false, "fault rule thrower threw InvalidOperationException: oops")]
    [InlineData(true, true, "fault rule thrower answered with the negative duration -5ns")]
    [InlineData(false, true, "fault rule thrower threw InvalidOperationException: oops")]
    public void A_rules_own_mistake_stops_the_run(bool negative, bool onActor, string message)
    {
        if (onActor)
        {
            simulator.InstallOnActor(echo, new Thrower(negative));
        }
        else
        {
            simulator.InstallOnLink(1, 2, new Thrower(negative));
        }

        Assert.EndsWith(message, Assert.Throws<SimulationException>(simulator.Run).Message);
    }

    private static FaultRule<Note> OnNote(Func<int, Verdict> judge) => new("note", (_, note) => judge(note.Number));
}
