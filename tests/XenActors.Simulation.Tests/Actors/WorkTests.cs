using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Actors;

[Codec]
public readonly partial record struct Job(int Number, VirtualDuration Work);

/// <summary>Says a number, works, and says the number's hundredfold.</summary>
public sealed class Labourer : Actor<LogState>
{
    public void On(in Job job)
    {
        Context.Tell(State.To, new Note(job.Number));
        Context.Work(job.Work);
        Context.Tell(State.To, new Note(job.Number * 100));
    }

    protected override void PostStop() => Context.Tell(State.To, new Note(7));
}

public sealed class WorkTests
{
    [Theory]
    [InlineData(1, "0: 1", "0: 2", "10: 100", "20: 200")]
    [InlineData(2, "0: 1", "0: 2", "10: 100", "10: 200")]
    public void Two_actors_share_the_vcpus(int vcpus, params string[] heard)
    {
        var (simulator, log, a, b) = Build(vcpus);
        simulator.Tell(a, new Job(1, new(10)));
        simulator.Tell(b, new Job(2, new(10)));
        simulator.Run();
        Assert.Equal(heard, simulator.Lines(log));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_actors_own_sends_never_overtake(int vcpus)
    {
        var (simulator, log, a, _) = Build(vcpus);
        simulator.Tell(a, new Job(1, new(100)));
        simulator.TellAt(new VirtualTime(5), a, new Job(2, new(1)));
        simulator.TellAt(new VirtualTime(6), a, new Job(3, new(0)));
        simulator.Run();
        Assert.Equal(["0: 1", "100: 100", "100: 2", "101: 200", "101: 3", "101: 300"], simulator.Lines(log));
    }

    [Fact]
    public void Last_words_do_not_overtake_what_work_still_holds_back()
    {
        var (simulator, log, a, _) = Build(1);
        simulator.Tell(log, new WatchThat(a));
        simulator.Tell(a, new Job(1, new(100)));
        simulator.TellAt(new VirtualTime(5), a, new PoisonPill());
        simulator.Run();
        Assert.Equal(["0: 1", "100: 100", "100: 7", "100: end of 1:2"], simulator.Lines(log));
    }

    [Fact]
    public void A_stopped_childs_last_words_wait_for_its_work_and_leave_its_parent_free()
    {
        var builder = new SimulatorBuilder(1);
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        var boss = simulator.Spawn<Boss, LogState>(process, "boss", new LogState { To = log });
        simulator.TellAt(new VirtualTime(5), boss, new Note(1));
        simulator.Run();
        Assert.Equal(["0: 3", "5: 8", "100: 300", "100: 7"], simulator.Lines(log));
    }

    [Fact]
    public void Work_cannot_take_negative_time()
    {
        var (simulator, _, a, _) = Build(1);
        simulator.Tell(a, new Job(1, new(-1)));
        Assert.EndsWith("work cannot take -1ns", Assert.Throws<SimulationException>(simulator.Run).Message);
    }

    private static (Simulator Simulator, ActorRef Log, ActorRef A, ActorRef B) Build(int vcpus)
    {
        var builder = new SimulatorBuilder(1);
        var process = builder.AddProcess("p", vcpus);
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        var a = simulator.Spawn<Labourer, LogState>(process, "a", new LogState { To = log });
        var b = simulator.Spawn<Labourer, LogState>(process, "b", new LogState { To = log });
        return (simulator, log, a, b);
    }
}

/// <summary>Sets a child to work and stops it in the middle.</summary>
public sealed class Boss : Actor<LogState>
{
    protected override void PreStart()
    {
        State.Refs.Add(Context.Spawn<Labourer, LogState>("worker", new LogState { To = State.To }));
        Context.Tell(State.Refs[0], new Job(3, new(100)));
    }

    public void On(in Note note)
    {
        Context.Stop(State.Refs[0]);
        Context.Tell(State.To, new Note(8));
    }
}
