using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Order;

public sealed class EndlessTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Messages_without_end_at_one_moment_end_the_run_with_actor_and_time(int partitions)
    {
        var simulator = Built(partitions, out var actors);
        simulator.TellAt(At(7), actors[1], new Note(-1_000_000_000)); // Each tells the next in zero time.
        simulator.TellAt(At(8), actors[0], new Note(-1_000_000_000));
        var failure = Assert.Throws<SimulationException>(simulator.Run);
        Assert.Equal("b/log failed at 0.000000007 with seed 1: no end of messages at one moment: more than 1000 in one window", failure.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void As_many_as_are_allowed_in_each_window_are_not_too_many(int partitions)
    {
        var simulator = Built(partitions, out var actors);
        foreach (var actor in actors)
        {
            for (var window = 0; window < 5; window++)
            {
                simulator.TellAt(At(5_000 * window), actor, new Note(-1000));
            }
        }

        simulator.Run();
        Assert.Equal(3 * (1 + (5 * 1001)), simulator.EventsHandled); // Each actor's start, too.
    }

    [Fact]
    public void A_limit_of_nothing_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Built(0, out _).BurstMax = 0);

    private static Simulator Built(int partitions, out ActorRef[] actors)
    {
        var builder = new SimulatorBuilder(1) { DefaultLatency = VirtualDuration.FromMicroseconds(1), Engine = Runs.Engine(partitions) };
        var processes = new[] { builder.AddProcess("a"), builder.AddProcess("b"), builder.AddProcess("c") };
        var simulator = builder.Build();
        simulator.BurstMax = 1000;
        actors = [.. processes.Select(p => simulator.Spawn<LogActor, LogState>(p, "log", new LogState()))];
        return simulator;
    }

    private static VirtualTime At(long nanoseconds) => VirtualTime.Zero + new VirtualDuration(nanoseconds);
}
