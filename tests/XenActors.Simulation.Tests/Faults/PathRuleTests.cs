using XenActors.Simulation;
using XenActors.Tests.Simulation.Workload;

namespace XenActors.Tests.Simulation.Faults;

/// <summary>Rules for actors that may not be there yet, windows, chances, and other bodies.</summary>
public sealed class PathRuleTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/*", "a/b", true)]
    [InlineData("a/*", "a/b/c", false)]
    [InlineData("a/*", "a", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/b/**", "a/b", true)]
    [InlineData("a/b/**", "a/bc", false)]
    [InlineData("a/vbd-*-768", "a/vbd-1-768", true)]
    [InlineData("a/vbd-*-768", "a/vbd-1-76", false)]
    [InlineData("a/*b*b", "a/abab", true)]
    [InlineData("a/*b*b", "a/bab a", false)]
    [InlineData("a/b*", "a/b", true)]
    public void A_pattern_fits_name_by_name(string pattern, string path, bool fits) => Assert.Equal(fits, new PathPattern(pattern).Matches(path));

    [Theory]
    [InlineData("*/b", "the pattern */b does not begin with a logical process's name")]
    [InlineData("nowhere/b", "there is no logical process nowhere")]
    public void A_pattern_names_its_process(string pattern, string message)
    {
        var (simulator, _) = Logs.One();
        Assert.Equal(message, Assert.Throws<SimulationException>(() => simulator.InstallOnPath(pattern, Drop())).Message);
    }

    [Fact]
    public void A_process_may_have_a_slash_in_its_name()
    {
        var builder = new SimulatorBuilder(1);
        builder.AddProcess("alpha");
        builder.AddProcess("alpha/dom0");
        var simulator = builder.Build();
        var inner = simulator.Spawn<LogActor, LogState>(2, "log", new LogState());
        var outer = simulator.Spawn<LogActor, LogState>(1, "log", new LogState());
        simulator.InstallOnPath("alpha/dom0/log", Drop());
        simulator.Tell(inner, new Note(1));
        simulator.Tell(outer, new Note(1));
        simulator.Run();
        Assert.Equal((0, 1), (simulator.Lines(inner).Count, simulator.Lines(outer).Count));
        Assert.Equal([inner], simulator.FindAll("alpha/dom0/*"));
    }

    [Fact]
    public void Who_is_there_and_who_comes_later_are_both_asked_about()
    {
        var builder = new SimulatorBuilder(1);
        builder.AddProcess("p");
        var simulator = builder.Build();
        var early = simulator.Spawn<LogActor, LogState>(1, "log-1", new LogState());
        simulator.InstallOnPath("p/log-*", Drop());
        var late = simulator.Spawn<LogActor, LogState>(1, "log-2", new LogState());
        var other = simulator.Spawn<LogActor, LogState>(1, "other", new LogState());
        foreach (var log in new[] { early, late, other })
        {
            simulator.Tell(log, new Note(1));
        }

        simulator.Run();
        Assert.Equal((0, 0, 1), (simulator.Lines(early).Count, simulator.Lines(late).Count, simulator.Lines(other).Count));
    }

    [Fact]
    public void A_rule_has_a_time_and_a_number_of_verdicts()
    {
        var (simulator, log) = Logs.One();
        simulator.InstallOnActor(log, new FaultRule<Note>("window", (_, _) => Verdict.Drop) { From = new VirtualTime(10), Until = new VirtualTime(20) });
        simulator.InstallOnActor(log, new FaultRule<Note>("two", (_, _) => Verdict.Drop) { From = new VirtualTime(30), VerdictsMax = 2 });
        foreach (var at in new[] { 9, 10, 19, 20, 30, 31, 32 })
        {
            simulator.TellAt(new VirtualTime(at), log, new Note(at));
        }

        simulator.Run();
        Assert.Equal([9, 20, 32], simulator.Lines(log).Select(l => int.Parse(l.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_chance_is_drawn_for_each_message()
    {
        var (simulator, log) = Logs.One();
        var rule = new FaultRule<Note>("chance", (_, _) => Verdict.Drop) { Probability = 0.25 };
        simulator.InstallOnActor(log, rule);
        for (var i = 0; i < 4000; i++)
        {
            simulator.Tell(log, new Note(i));
        }

        simulator.Run();
        Assert.InRange(rule.Verdicts, 850, 1150);
        Assert.Equal(4000 - rule.Verdicts, simulator.Lines(log).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_gets_another_body_and_its_sender_keeps_the_old_one(bool onLink)
    {
        var builder = new SimulatorBuilder(1);
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLinks(a, b, new(10));
        var simulator = builder.Build();
        var log = simulator.Spawn<Echo, LogState>(b, "log", new LogState());
        simulator.Spawn<Order.Chatty, Order.ChattyState>(a, "chatty", new Order.ChattyState { To = log });
        if (onLink)
        {
            simulator.InstallOnLink(a, b, new Renumber());
        }
        else
        {
            simulator.InstallOnActor(log, new Renumber());
        }

        simulator.Run();
        Assert.Equal(["10: 100 from 1:1", "10: 101 from 1:1", "10: 102 from 1:1", "15: 100 from 1:1", "15: 101 from 1:1", "15: 102 from 1:1"], simulator.Lines(log));
    }

    [Fact]
    public void A_body_of_another_type_is_refused()
    {
        var (simulator, log) = Logs.One();
        simulator.InstallOnActor(log, new WrongType());
        simulator.Tell(log, new Note(1));
        Assert.Contains("cannot be replaced by a", Assert.Throws<SimulationException>(simulator.Run).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void The_history_is_the_same_on_every_engine_and_through_a_snapshot(ulong seed)
    {
        var sequential = Rich(seed, EngineOptions.Sequential);
        sequential.RunUntil(new VirtualTime(1_500_000));
        var snapshot = sequential.Snapshot();
        sequential.Run();
        var threads = Rich(seed, EngineOptions.Threads(3));
        threads.Run();
        Assert.Equal(sequential.Fingerprint, threads.Fingerprint);
        var resumed = Rich(seed, EngineOptions.Threads(2));
        resumed.Restore(snapshot, Snapshots.SnapshotTests.RichTypes);
        resumed.Run();
        Assert.Equal(sequential.Fingerprint, resumed.Fingerprint);
        var plain = RichRun.Build(seed, EngineOptions.Sequential);
        plain.Run();
        Assert.NotEqual(plain.Fingerprint, sequential.Fingerprint);
    }

    private static Simulator Rich(ulong seed, EngineOptions engine)
    {
        var simulator = RichRun.Build(seed, engine);
        var (from, until) = (new VirtualTime(1_000_000), new VirtualTime(2_000_000));
        for (var i = 1; i <= RichRun.Processes; i++)
        {
            simulator.InstallOnPath($"p{i}/hub/**", new HoldAll($"pause {i}") { From = from, Until = until, Probability = 0.5 });
            simulator.InstallOnPath($"p{i}/hub/*", new RandomFault($"kids {i}"));
            simulator.InstallOnLink(i, (i % RichRun.Processes) + 1, new HoldAll($"cut {i}") { From = from, Until = until });
        }

        return simulator;
    }

    private static FaultRule<Note> Drop() => new("drop", (_, _) => Verdict.Drop);
}

public sealed class HoldAll(string name) : FaultRule(name)
{
    protected internal override Verdict Judge(in Delivery delivery, ref RandomStream random) => Verdict.Hold;
}

public sealed class Renumber() : FaultRule("renumber")
{
    protected internal override Verdict Judge(in Delivery delivery, ref RandomStream random)
    {
        if (delivery.TryGet<Note>(out var note))
        {
            delivery.Replace(note with { Number = note.Number + 100 });
            return Verdict.Duplicate(new(5));
        }

        return Verdict.Pass;
    }
}

public sealed class WrongType() : FaultRule("wrong type")
{
    protected internal override Verdict Judge(in Delivery delivery, ref RandomStream random)
    {
        if (delivery.TryGet<Note>(out _))
        {
            delivery.Replace(new PoisonPill());
        }

        return Verdict.Pass;
    }
}
