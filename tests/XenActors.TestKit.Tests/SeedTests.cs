using XenActors.TestKit;

namespace XenActors.Tests.TestKit;

public sealed class SeedTests : EchoTest
{
    [Fact]
    public void The_seed_is_the_environments_or_the_default() => Assert.Equal(Seeds.Override ?? Seeds.Default, Seed);

    [Theory]
    [Seeds(5, 3)]
    public void A_theory_runs_for_each_seed(ulong seed)
    {
        UseSeed(seed);
        Assert.Equal(seed, Simulator.Seed);
        Assert.Throws<InvalidOperationException>(() => UseSeed(1));
    }

    [Fact]
    public void Seeds_are_consecutive()
    {
        if (Seeds.Override is null)
        {
            Assert.Equal([5UL, 6UL, 7UL], new SeedsAttribute(5, 3).GetData(null!).Select(row => row[0]));
        }
    }

    [Fact]
    public void The_environment_variable_must_be_a_number()
    {
        Assert.Null(Seeds.Parse(null));
        Assert.Null(Seeds.Parse(""));
        Assert.Equal(ulong.MaxValue, Seeds.Parse("18446744073709551615"));
        Assert.StartsWith("XENACTORS_SEED must be a number", Assert.Throws<FormatException>(() => Seeds.Parse("-1")).Message);
    }
}
