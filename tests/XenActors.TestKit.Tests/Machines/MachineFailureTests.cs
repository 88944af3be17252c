using Xunit.Abstractions;
using Xunit.Sdk;

namespace XenActors.Tests.TestKit.Machines;

public sealed class MachineFailureTests(ITestOutputHelper output) : SmallGuest(output)
{
    private const string Class = "XenActors.Tests.TestKit.Machines.MachineFailureTests";

    [Fact]
    public void A_failed_assertion_shows_the_neighbourhood_the_trace_the_seed_and_the_command()
    {
        UseSeed(77);
        Small(paused: true);
        var lines = Failing(() => Store.AssertNode($"{Vbd}/state", "4"));
        Assert.Equal($"expected {Vbd}/state = \"4\", and it is \"1\"", lines[0]);
        Assert.Equal($"xenstore-ls -fp {Vbd}:", lines[1]);
        Assert.Contains($"  {Vbd}/state = \"1\"   (n1,r0)", lines);
        Assert.DoesNotContain(lines, l => l.Contains("/device/vif/0", StringComparison.Ordinal) && l.StartsWith("  /local", StringComparison.Ordinal));
        Assert.StartsWith("at ", lines[^13], StringComparison.Ordinal);
        Assert.Equal("seed 77; to repeat:", lines[^2]);
        Assert.Equal(
            $"XENACTORS_SEED=77 dotnet test --filter \"FullyQualifiedName~{Class}.A_failed_assertion_shows_the_neighbourhood_the_trace_the_seed_and_the_command\"",
            lines[^1]);
    }

    [Fact]
    public void An_assertion_of_the_test_framework_ends_alike()
    {
        var guest = Small();
        guest.RunToEnd();
        var lines = Failing(() => Check(() => Assert.Empty(guest.Partitions)));
        Assert.StartsWith("Assert.Empty() Failure", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($"{Class}.{nameof(An_assertion_of_the_test_framework_ends_alike)}\"", lines[^1], StringComparison.Ordinal);
        Assert.Single(Failing(() => Check(() => guest.AssertDmesg("nonsense"))), l => l.StartsWith("seed ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_in_a_configuration_says_where_and_how_to_repeat()
    {
        var lines = Failing(() => Boot("type='hvm'\nname='g'\nmemory=\n"));
        Assert.StartsWith("guest1.cfg:3", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"XENACTORS_SEED={Seed} ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_no_guest_has_is_a_mistake()
    {
        Disk("/dev/vg01/nobodys", 8192);
        Assert.StartsWith("disk /dev/vg01/nobodys: no disk of guest1.cfg has this path; they have /dev/vg01/small", Failing(() => Small())[0]);
    }

    [Fact]
    public void A_path_has_one_disk()
    {
        Disk("/dev/vg01/small", 8192);
        Assert.Throws<ArgumentException>(() => Disk("/dev/vg01/small", 4096));
        Assert.Throws<ArgumentOutOfRangeException>(() => Disk("/dev/vg01/large", 8192, 1, 1, 1, 1, 1));
    }

    [Fact]
    public void A_configuration_file_that_is_not_there_is_named()
    {
        var guest = GuestFromFile("nowhere.cfg");
        Assert.Equal("nowhere.cfg: no such file", Failing(guest.RunToCreation)[0]);
    }

    [Fact]
    public void Words_that_the_kernel_never_said_are_named_with_its_last_ones()
    {
        var guest = Small();
        guest.RunToEnd();
        Assert.Equal("dmesg of domain 1 has no \"nonsense\"; it ends:", Failing(() => guest.AssertDmesg("nonsense"))[0]);
        Assert.StartsWith("dmesg of domain 1 has \"", Failing(() => guest.AssertNotInDmesg("blkfront"))[0]);
    }

    [Fact]
    public void What_never_happens_is_named()
    {
        Small(paused: true);
        Assert.Equal("expected \"DiskAppeared\" in the trace within 50ms", Failing(() => AdvanceUntil("DiskAppeared", Ms(50)))[0]);
    }

    [Fact]
    public void A_machine_that_stands_takes_no_more_parts()
    {
        Small(paused: true);
        Assert.Throws<InvalidOperationException>(() => Kernel("fedora16-3.1"));
        Assert.Throws<InvalidOperationException>(() => Guest(Config));
    }

    [Fact]
    public void Permissions_and_absence_are_asserted()
    {
        Small(paused: true);
        Store.AssertPermissions($"{Vbd}/state", "n1", "r0");
        Store.AssertExists(Vbd);
        Store.AssertAbsent($"{Vbd}/ring-ref");
        Assert.StartsWith($"expected {Vbd}/state with the permissions n0, and it has n1,r0", Failing(() => Store.AssertPermissions($"{Vbd}/state", "n0"))[0]);
        Assert.Equal($"xenstore-ls -fp {Vbd}:", Failing(() => Store.AssertExists($"{Vbd}/a/b/c"))[1]);
        Assert.StartsWith($"expected no {Vbd}/state, and it is \"1\"", Failing(() => Store.AssertAbsent($"{Vbd}/state"))[0]);
    }

    private static string[] Failing(Action action) => Assert.ThrowsAny<XunitException>(action).Message.Split(Environment.NewLine);
}
