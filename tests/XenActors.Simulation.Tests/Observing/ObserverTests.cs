using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Observing;

public sealed class ObserverTests
{
    private const int Seconds = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Observers_see_one_order_on_every_engine_and_change_nothing(int partitions)
    {
        var (sequential, seen) = Run(EngineOptions.Sequential, observed: true);
        var (threads, same) = Run(EngineOptions.Threads(partitions), observed: true);
        var (plain, nothing) = Run(EngineOptions.Sequential, observed: false);
        Assert.True(seen.Count > 100, $"{seen.Count} seen");
        Assert.Contains(seen, s => s.Contains("Odd", StringComparison.Ordinal));
        Assert.Equal(seen, same);
        Assert.Empty(nothing);
        Assert.Equal(plain.Fingerprint, sequential.Fingerprint);
        Assert.Equal(plain.Fingerprint, threads.Fingerprint);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_break_ends_the_run_with_its_window_and_the_rest_is_the_same_history(int partitions)
    {
        var whole = Build(EngineOptions.Sequential);
        whole.RunFor(VirtualDuration.FromSeconds(Seconds));
        var simulator = Build(Runs.Engine(partitions));
        var condition = simulator.BreakOn<Odd>((_, odd) => odd.Number == 41);
        simulator.RunFor(VirtualDuration.FromSeconds(Seconds));
        Assert.True(condition.Hit);
        Assert.True(simulator.Now >= condition.At && simulator.Now <= condition.At + simulator.Lookahead, $"{condition.At} and {simulator.Now}");
        Assert.True(simulator.Now < VirtualTime.Zero + VirtualDuration.FromSeconds(Seconds), $"{simulator.Now}");
        condition.Remove();
        simulator.RunUntil(VirtualTime.Zero + VirtualDuration.FromSeconds(Seconds));
        Assert.Equal(whole.Fingerprint, simulator.Fingerprint);
    }

    private static (Simulator Simulator, List<string> Seen) Run(EngineOptions engine, bool observed)
    {
        var simulator = Build(engine);
        var eyes = new Eyes(simulator);
        if (observed)
        {
            simulator.Observe<Throw>(eyes);
            simulator.Observe<Odd>(eyes);
        }

        simulator.RunFor(VirtualDuration.FromSeconds(Seconds));
        return (simulator, eyes.Seen);
    }

    private static Simulator Build(EngineOptions engine)
    {
        var builder = new SimulatorBuilder(3) { Engine = engine, DefaultLatency = VirtualDuration.FromMilliseconds(1) };
        var left = builder.AddProcess("left");
        var right = builder.AddProcess("right");
        var simulator = builder.Build();
        var one = simulator.Spawn<BallActor, BallState>(left, "one", new BallState());
        var two = simulator.Spawn<BallActor, BallState>(right, "two", new BallState { Other = one });
        simulator.StateOf<BallState>(one)!.Other = two;
        simulator.Tell(one, new Throw(0));
        simulator.Tell(two, new Throw(1000));
        return simulator;
    }

    private sealed class Eyes(Simulator simulator) : IObserve<Throw>, IObserve<Odd>
    {
        public List<string> Seen { get; } = [];

        public void On(in Observed at, in Throw what) =>
            Seen.Add($"{at.Time.Nanoseconds} {simulator.PathOf(at.Actor)} {(at.Sender.IsNone ? "-" : simulator.PathOf(at.Sender))} {what}");

        public void On(in Observed at, in Odd what) => Seen.Add($"{at.Time.Nanoseconds} {simulator.PathOf(at.Actor)} {what}");
    }
}

[Codec]
public readonly partial record struct Throw(int Number);

/// <summary>A note: an odd throw.</summary>
public readonly record struct Odd(int Number);

[Codec]
public sealed partial class BallState
{
    public ActorRef Other { get; set; }
}

/// <summary>Throws back, after a while of its own.</summary>
public sealed class BallActor : Actor<BallState>
{
    public void On(in Throw ball)
    {
        if (ball.Number % 2 == 1)
        {
            Context.Note(new Odd(ball.Number));
        }

        Context.Tell(State.Other, new Throw(ball.Number + 1), new VirtualDuration((long)(Context.Random.NextBits() % 200_000_000)));
    }
}
