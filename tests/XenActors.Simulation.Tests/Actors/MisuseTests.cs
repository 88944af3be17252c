using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Actors;

public readonly record struct Uncoded(int Number);

public sealed class ByValue : Actor<NoState>
{
    public void On(Note note) => _ = note;
}

public sealed class Returning : Actor<NoState>
{
    public int On(in Note note) => note.Number;
}

public sealed class TakesUncoded : Actor<NoState>
{
    public void On(in Uncoded note) => _ = note;
}

public sealed class Twofold : Actor<NoState>
{
    [When("x")]
    public void First(in Note note) => _ = note;

    [When("x")]
    public void Second(in Note note) => _ = note;
}

public sealed class Misuser : Actor<NoState>
{
    public void On(in Note note)
    {
        if (note.Number == 0)
        {
            Context.Tell(Self, new Note(1), new VirtualDuration(-1));
        }
        else if (note.Number == 1)
        {
            Context.StartTimer(new Note(1), new VirtualDuration(-1));
        }
        else
        {
            Become("nonsense");
        }
    }
}

public sealed class MisuseTests
{
    [Fact]
    public void A_handler_with_a_wrong_signature_is_named_every_time()
    {
        Assert.EndsWith("ByValue.On must be void On(in Message m)", Spawning<ByValue>());
        Assert.EndsWith("ByValue.On must be void On(in Message m)", Spawning<ByValue>());
        Assert.EndsWith("Returning.On must be void On(in Message m)", Spawning<Returning>());
    }

    [Fact]
    public void A_message_without_a_codec_is_named() =>
        Assert.EndsWith("Uncoded is not a message: mark it [Codec]", Spawning<TakesUncoded>());

    [Fact]
    public void Two_handlers_of_one_message_in_one_behaviour_are_refused() =>
        Assert.EndsWith("Twofold has two methods for XenActors.Tests.Simulation.Note marked [When(\"x\")]", Spawning<Twofold>());

    [Theory]
    [InlineData(0, "a message cannot arrive before it is sent")]
    [InlineData(1, "a message cannot arrive before it is sent")]
    [InlineData(2, "XenActors.Tests.Simulation.Actors.Misuser has no method marked [When(\"nonsense\")]")]
    public void Misuse_stops_the_run_and_says_where(int kind, string message)
    {
        var (simulator, _) = Logs.One();
        var actor = simulator.Spawn<Misuser, NoState>(1, "misuser", new NoState());
        simulator.TellAt(new VirtualTime(9), actor, new Note(kind));
        Assert.Equal("p/misuser failed at 0.000000009 with seed 1: " + message, Assert.Throws<SimulationException>(simulator.Run).Message);
    }

    [Fact]
    public void An_unhandled_message_is_told_as_a_dead_letter()
    {
        var (simulator, log) = Logs.One();
        simulator.Tell(log, new Job(1, default));
        simulator.Run();
        Assert.Equal(1, simulator.DeadLetters);
    }

    private static string Spawning<TActor>()
        where TActor : Actor<NoState>, new() =>
        Assert.Throws<SimulationException>(() => Logs.One().Simulator.Spawn<TActor, NoState>(1, "bad", new NoState())).Message;
}
