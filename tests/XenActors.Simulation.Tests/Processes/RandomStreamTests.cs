using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Processes;

public sealed class RandomStreamTests
{
    /// <summary>These numbers may never change: every recorded seed depends on them.</summary>
    [Fact]
    public void The_first_outputs_for_seed_1_and_dom0_are_pinned()
    {
        var random = new RandomStream(1, "dom0");
        ulong[] first = [random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits()];
        Assert.Equal(Pinned, first);
    }

    private static readonly ulong[] Pinned =
        [340609745796877271, 5362882163071893761, 16166289324315502545, 16054303551909335555];

    [Fact]
    public void Streams_of_other_names_and_seeds_have_nothing_in_common()
    {
        var streams = new[] { new RandomStream(1, "dom0"), new RandomStream(1, "dom1"), new RandomStream(2, "dom0"), new RandomStream(1, "") };
        var seen = new SortedSet<ulong>();
        for (var s = 0; s < streams.Length; s++)
        {
            for (var i = 0; i < 10_000; i++)
            {
                Assert.True(seen.Add(streams[s].NextBits()));
            }
        }
    }

    [Fact]
    public void A_process_draws_the_same_whoever_else_there_is()
    {
        var alone = new SimulatorBuilder(3);
        alone.AddProcess("x");
        var crowd = new SimulatorBuilder(3);
        crowd.AddProcess("a");
        crowd.AddProcess("x");
        Assert.Equal(new RandomStream(3, "x").NextBits(), new RandomStream(3, "x").NextBits());
        Assert.Equal(Draw(alone, 1), Draw(crowd, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Next_is_uniform_below_its_bound(long bound)
    {
        var random = new RandomStream(4, "uniform");
        const int draws = 200_000;
        var counts = new int[bound];
        for (var i = 0; i < draws; i++)
        {
            counts[random.Next(bound)]++;
        }

        // Chi-squared has mean bound - 1 and variance 2 (bound - 1): six deviations.
        var expected = (double)draws / bound;
        var chi = counts.Sum(c => (c - expected) * (c - expected) / expected);
        Assert.InRange(chi, 0, bound - 1 + (6 * Math.Sqrt(2.0 * (bound - 1))) + 1e-9);
    }

    [Fact]
    public void Next_between_includes_both_ends()
    {
        var random = new RandomStream(5, "between");
        var seen = Enumerable.Range(0, 1000).Select(_ => random.NextBetween(-2, 3)).Distinct().Order();
        Assert.Equal([-2, -1, 0, 1, 2, 3], seen);
    }

    [Fact]
    public void A_double_is_in_the_unit_interval_with_mean_one_half()
    {
        var random = new RandomStream(6, "double");
        var sum = 0.0;
        for (var i = 0; i < 100_000; i++)
        {
            var value = random.NextDouble();
            Assert.InRange(value, 0, 0.9999999999999999);
            sum += value;
        }

        Assert.InRange(sum / 100_000, 0.497, 0.503);
    }

    [Fact]
    public void An_exponential_has_its_mean_and_is_never_negative()
    {
        var random = new RandomStream(7, "exponential");
        var mean = VirtualDuration.FromMicroseconds(50);
        var sum = 0.0;
        for (var i = 0; i < 200_000; i++)
        {
            var value = random.NextExponential(mean).Nanoseconds;
            Assert.True(value >= 0);
            sum += value;
        }

        Assert.InRange(sum / 200_000, 49_400, 50_600);
    }

    [Fact]
    public void Jitter_stays_inside_its_bounds_and_reaches_both_halves()
    {
        var random = new RandomStream(8, "jitter");
        var values = Enumerable.Range(0, 10_000).Select(_ => random.Jitter(new(1000), 10).Nanoseconds).ToArray();
        Assert.Equal((900, 1100), (values.Min(), values.Max()));
        Assert.Equal(new VirtualDuration(1000), random.Jitter(new(1000), 0));
        Assert.Equal(VirtualDuration.Zero, random.Jitter(VirtualDuration.Zero, 50));
    }

    [Fact]
    public void A_bound_must_be_positive()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(1, "x").Next(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(1, "x").Next(-1));
    }

    private static long Draw(SimulatorBuilder builder, int process)
    {
        var simulator = builder.Build();
        var actor = simulator.Spawn<Drawer, DrawerState>(process, "drawer", new DrawerState());
        simulator.Run();
        return simulator.StateOf<DrawerState>(actor)!.Drawn;
    }
}

[Codec]
public sealed partial class DrawerState
{
    public long Drawn { get; set; }
}

public sealed class Drawer : Actor<DrawerState>
{
    protected override void PreStart() => State.Drawn = Context.Random.Next(long.MaxValue);
}
