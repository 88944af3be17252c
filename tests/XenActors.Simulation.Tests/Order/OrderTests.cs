using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Order;

[Codec]
public sealed partial class ChattyState
{
    public ActorRef To { get; set; }

    public int First { get; set; }
}

/// <summary>Sends three numbers at once when it starts.</summary>
public sealed class Chatty : Actor<ChattyState>
{
    protected override void PreStart()
    {
        for (var i = 0; i < 3; i++)
        {
            Context.Tell(State.To, new Note(State.First + i));
        }
    }
}

/// <summary>Answers a number in zero time with its double, twice.</summary>
public sealed class Doubler : Actor<LogState>
{
    public void On(in Note note)
    {
        State.Lines.Add($"{Context.Now.Nanoseconds}: {note.Number}");
        if (note.Number < 8)
        {
            Context.Tell(Self, new Note(note.Number * 2));
            Context.Tell(Self, new Note((note.Number * 2) + 1));
        }
    }
}

public sealed class OrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Messages_of_one_time_come_by_sending_process_and_then_in_its_order(int partitions)
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new(1000), Engine = Runs.Engine(partitions) };
        var processes = Enumerable.Range(0, 4).Select(i => builder.AddProcess($"p{i}")).ToArray();
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(processes[2], "log", new LogState());
        foreach (var i in new[] { 3, 0, 1 })
        {
            simulator.Spawn<Chatty, ChattyState>(processes[i], "chatty", new ChattyState { To = log, First = i * 10 });
        }

        simulator.TellAt(new VirtualTime(1000), log, new Note(99));
        simulator.Run();
        Assert.Equal(
            ["99", "0", "1", "2", "10", "11", "12", "30", "31", "32"],
            simulator.StateOf<LogState>(log)!.Lines.Select(l => l["1000: ".Length..]));
    }

    [Fact]
    public void Zero_time_messages_come_after_what_caused_them_in_sending_order()
    {
        var builder = new SimulatorBuilder(1);
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var doubler = simulator.Spawn<Doubler, LogState>(process, "doubler", new LogState());
        simulator.TellAt(new VirtualTime(5), doubler, new Note(1));
        simulator.Run();
        Assert.Equal(Enumerable.Range(1, 15).Select(i => $"5: {i}"), simulator.StateOf<LogState>(doubler)!.Lines);
    }

    [Fact]
    public void Many_messages_of_one_window_come_in_order()
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = new(1 << 20) };
        var process = builder.AddProcess("p");
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(process, "log", new LogState());
        var random = new RandomStream(9, "many");
        var times = Enumerable.Range(0, 1000).Select(_ => random.Next(1 << 20)).ToArray();
        foreach (var at in times)
        {
            simulator.TellAt(new VirtualTime(at), log, new Note(-2));
        }

        simulator.Run();
        var seen = simulator.StateOf<LogState>(log)!.Lines.Select(l => long.Parse(l.Split(':')[0])).ToArray();
        Assert.Equal(times.Order().SelectMany(t => new[] { t, t, t }), seen);
    }
}
