using XenActors.TestKit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit.Machines;

public sealed class SideBySideTests(ITestOutputHelper output) : SmallGuest(output)
{
    [Fact]
    public void Two_machines_with_one_seed_have_one_history()
    {
        var other = Another();
        var (mine, its) = (Small(), Small(other));
        mine.RunToEnd();
        its.RunToEnd();
        Assert.Equal(Simulator.Fingerprint, other.Simulator.Fingerprint);
        Assert.Equal(mine.Dmesg, its.Dmesg);
    }

    [Theory]
    [Seeds(1, 3)]
    public void Two_machines_with_two_seeds_have_two_histories(ulong seed)
    {
        UseSeed(seed);
        var other = Another(seed + 1);
        var (mine, its) = (Small(), Small(other));
        mine.RunToEnd();
        its.RunToEnd();
        Assert.NotEqual(Simulator.Fingerprint, other.Simulator.Fingerprint);
        Assert.Equal(mine.Partitions, its.Partitions);
    }

    [Fact]
    public void What_happens_to_one_machine_leaves_the_other_alone()
    {
        var other = Another();
        var (mine, its) = (Small(paused: true), Small(other, paused: true));
        Kill("dom0/xenbus/vbd-1-768");
        mine.Unpause();
        its.Unpause();
        its.RunToEnd();
        mine.RunToEnd();
        Assert.Empty(mine.Partitions);
        its.AssertBooted();
        other.Store.AssertNode($"{Vbd}/state", "4");
    }

    [Fact]
    public void A_failure_of_the_other_machine_repeats_this_test_with_its_seed()
    {
        var other = Another(5);
        Small(other, paused: true);
        var message = Assert.ThrowsAny<XunitException>(() => other.Store.AssertExists("/nowhere")).Message;
        Assert.Contains("seed 5; to repeat:", message, StringComparison.Ordinal);
        Assert.EndsWith("SideBySideTests.A_failure_of_the_other_machine_repeats_this_test_with_its_seed\"", message, StringComparison.Ordinal);
    }
}
