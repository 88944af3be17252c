using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Order;

public sealed class LinkTests
{
    private readonly SimulatorBuilder builder = new(1);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_message_takes_its_links_latency(int partitions)
    {
        builder.Engine = Runs.Engine(partitions);
        var (a, b, c) = (builder.AddProcess("a"), builder.AddProcess("b"), builder.AddProcess("c"));
        builder.AddLink(a, c, new(700));
        builder.AddLink(b, c, new(40));
        Assert.Equal(["40: 20", "40: 21", "40: 22", "700: 10", "700: 11", "700: 12"], Heard(a, b, c));
    }

    [Fact]
    public void The_default_latency_serves_who_has_no_link_of_its_own()
    {
        var (a, b, c) = (builder.AddProcess("a"), builder.AddProcess("b"), builder.AddProcess("c"));
        builder.DefaultLatency = new(100);
        builder.AddLink(a, c, new(700));
        Assert.Equal(["100: 20", "100: 21", "100: 22", "700: 10", "700: 11", "700: 12"], Heard(a, b, c));
    }

    [Fact]
    public void The_lookahead_is_the_least_latency()
    {
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.DefaultLatency = new(100);
        builder.AddLinks(a, b, new(60));
        Assert.Equal(new VirtualDuration(60), builder.Build().Lookahead);
    }

    [Fact]
    public void A_link_has_one_direction()
    {
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLink(b, a, new(5));
        Assert.EndsWith("no link from a to b", Failure(a, b));
    }

    [Fact]
    public void Without_a_link_the_run_stops_and_says_who_wanted_one_and_when()
    {
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        Assert.Equal("a/chatty failed at 0.000000000 with seed 1: no link from a to b", Failure(a, b));
    }

    [Fact]
    public void A_process_that_does_not_exist_has_no_link()
    {
        var a = builder.AddProcess("a");
        builder.DefaultLatency = new(5);
        Assert.EndsWith("no link from a to 77", Failure(a, 77));
        Assert.EndsWith("no logical process 77", Assert.Throws<SimulationException>(
            () => builder.Build().Tell(new ActorRef(77, 1), new Note(1))).Message);
    }

    [Fact]
    public void A_link_needs_a_positive_latency()
    {
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        Assert.Equal(
            "the link from a to b needs a positive latency",
            Assert.Throws<SimulationException>(() => builder.AddLink(a, b, VirtualDuration.Zero)).Message);
    }

    [Fact]
    public void A_process_name_is_used_once()
    {
        builder.AddProcess("a");
        Assert.Equal("a second logical process named a", Assert.Throws<SimulationException>(() => builder.AddProcess("a")).Message);
    }

    [Fact]
    public void What_is_sent_to_nobody_is_a_dead_letter_whatever_the_links()
    {
        var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
        builder.AddLink(a, b, new(5));
        var simulator = builder.Build();
        simulator.Spawn<Chatty, ChattyState>(a, "chatty", new ChattyState());
        simulator.Run();
        Assert.Equal(3, simulator.DeadLetters);
    }

    private string Failure(int from, int to)
    {
        var simulator = builder.Build();
        simulator.Spawn<Chatty, ChattyState>(from, "chatty", new ChattyState { To = new ActorRef(to, 1) });
        return Assert.Throws<SimulationException>(simulator.Run).Message;
    }

    private List<string> Heard(int a, int b, int c)
    {
        var simulator = builder.Build();
        var log = simulator.Spawn<LogActor, LogState>(c, "log", new LogState());
        simulator.Spawn<Chatty, ChattyState>(a, "chatty", new ChattyState { To = log, First = 10 });
        simulator.Spawn<Chatty, ChattyState>(b, "chatty", new ChattyState { To = log, First = 20 });
        simulator.Run();
        return simulator.StateOf<LogState>(log)!.Lines;
    }
}
