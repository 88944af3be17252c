using XenActors.Abi;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.TestKit.Machines;
using XenActors.Toolstack.Libxl;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Machines;

/// <summary>How a domain ends, and what is left of it: nothing.</summary>
public sealed class DomainEndTests(ITestOutputHelper output) : SmallGuest(output)
{
    private const string ConfigWithCdrom = """
        type='hvm'
        name='small'
        memory=256
        disk=['phy:/dev/vg01/small,hda,w', ',hdc:cdrom,r']
        vif=['mac=00:16:3e:00:00:01']
        xen_platform_pci=1
        """;

    // As in the recorded `xl shutdown`: the frontends close one after the other, the last one first, and each pair goes through these states.
    private static readonly string[] Closing = ["vif/0", "vkbd/0", "vbd/768"];

    private (int Watches, int Connections, int Ports, string Nodes) before;

    [Fact]
    public void A_destroyed_guest_leaves_nothing_behind()
    {
        var guest = Booted();
        var answer = Xl(new DestroyGuest(1));
        Assert.True(answer.Ok, answer.Message);
        AssertGone(guest.Domain);
        AssertAsBefore();
    }

    [Fact]
    public void A_guest_that_shuts_down_closes_its_devices_and_leaves_nothing_behind()
    {
        var guest = Booted();
        var from = States().Count;
        var answer = Xl(new ShutdownGuest(1, Reboot: false));
        Assert.True(answer.Ok, answer.Message);
        Advance(Seconds(10));
        var states = States().Skip(from).Where(s => s.Contains("/state ", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            Closing.SelectMany(d => (string[])[$"device/{d}/state 5", $"device/{d}/state 6"]),
            states.Where(s => s.StartsWith("device/", StringComparison.Ordinal)));
        foreach (var device in Closing)
        {
            var back = "backend/" + device.Replace("/", "/1/", StringComparison.Ordinal);
            Assert.Equal(
                [$"device/{device}/state 5", $"{back}/state 5", $"device/{device}/state 6", $"{back}/state 6"],
                states.Where(s => s.StartsWith($"device/{device}/", StringComparison.Ordinal) || s.StartsWith(back, StringComparison.Ordinal)));
        }

        AssertGone(guest.Domain);
        AssertAsBefore();
    }

    [Fact]
    public void A_rebooted_guest_comes_back_under_the_next_number()
    {
        Restarts(1);
        var guest = Booted();
        Assert.True(Xl(new ShutdownGuest(1, Reboot: true)).Ok);
        Advance(Seconds(20));
        Assert.Equal(2, guest.Domain);
        guest.RunToEnd();
        guest.AssertBooted();
        Assert.True(guest.Verdict.Disk && guest.Verdict.Net);
        AssertGone(1);
        Store.AssertNode("/local/domain/2/device/vbd/768/state", "4");
        Store.AssertNode("/local/domain/2/device/vif/0/state", "4");
    }

    [Fact]
    public void A_guest_without_a_further_process_is_told_so_in_words()
    {
        Booted();
        Assert.True(Xl(new ShutdownGuest(1, Reboot: true)).Ok);
        Advance(Seconds(20));
        Assert.Contains("no process is kept for another life of small", Assert.Single(Machine.OperatorState.Restarts).Message, StringComparison.Ordinal);
        AssertGone(1);
    }

    [Fact]
    public void A_guest_that_crashes_is_destroyed_as_its_configuration_says()
    {
        var guest = Booted();
        Simulator.Tell(Machine.Domain(1).Kernel, new XenActors.Guest.PanicKernel("Fatal exception in interrupt"));
        Advance(Ms(1));
        Assert.Equal((DomainStatus.Shutdown, ShutdownReason.Crash), (Machine.Domain(1).Status, Machine.Domain(1).Reason));
        guest.AssertDmesg("Kernel panic - not syncing: Fatal exception in interrupt");
        Advance(Seconds(10));
        AssertGone(1);
    }

    [Fact]
    public void A_preserved_guest_stays_until_somebody_destroys_it()
    {
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        var guest = Boot(Config + "\non_crash='preserve'");
        guest.RunToEnd();
        Simulator.Tell(Machine.Places.Domain(1), new CrashDomain());
        Advance(Seconds(10));
        Assert.Equal(DomainStatus.Shutdown, Machine.Domain(1).Status);
        Store.AssertNode("/local/domain/1/name", "small");
        Assert.True(Xl(new DestroyGuest(1)).Ok);
        AssertGone(1);
    }

    [Fact]
    public void A_guest_that_does_not_answer_is_waited_for_a_minute()
    {
        var guest = Booted();
        guest.Pause();
        var answer = Xl(new ShutdownGuest(1, Reboot: false));
        Assert.Contains("shutdown failed (rc=-9)", answer.Message, StringComparison.Ordinal);
        Store.AssertNode("/local/domain/1/control/shutdown", "");
        guest.Unpause();
        Advance(Seconds(5));
        Assert.Equal(DomainStatus.Alive, Machine.Domain(1).Status);
    }

    [Fact]
    public void A_number_that_nobody_has_is_refused()
    {
        Booted();
        Assert.Equal("7 is an invalid domain identifier (rc=-6)", Xl(new DestroyGuest(7)).Message);
    }

    [Fact]
    public void A_guest_can_be_destroyed_while_it_is_paused_before_its_first_instruction()
    {
        var guest = Small(paused: true);
        Advance(Seconds(1));
        Assert.True(Xl(new DestroyGuest(1)).Ok);
        AssertGone(guest.Domain);
    }

    private GuestHandle Booted()
    {
        Disk("/dev/vg01/small", 8192, 1024, 2048);
        var guest = Guest(ConfigWithCdrom);
        Count();
        guest.RunToEnd();
        guest.AssertBooted();
        return guest;
    }

    // The host as it is when its first guest has just been ordered.
    private void Count()
    {
        while (Machine.OperatorState.Orders.Count > 0)
        {
            Advance(VirtualDuration.FromMicroseconds(20));
        }

        before = (Machine.Store.WatchCount, Machine.Store.ConnectionCount, Machine.EventChannels(0).Channels.Ports.Count, Nodes());
    }

    // The device model's list of backends stays, as the recorded host's does.
    private string Nodes() => string.Join('\n', Machine.Store.Dump().Select(n => n.Path));

    private List<string> States() =>
        [.. XenActors.Machine.HostReport.States(Machine).Select(s => string.Join(' ', s.Split(" IN ")[1].Split(' ').Skip(1)))];

    // G8: pages, grants, handles, ports, nodes and watches are those of a host that never had the guest.
    private void AssertGone(ushort domain)
    {
        Advance(Seconds(2));
        Assert.Equal(DomainStatus.Dead, Machine.Domain(domain).Status);
        Assert.Equal(0UL, Machine.Domain(domain).Memory.Size);
        Assert.Empty(Machine.Grants(domain).Table.Entries);
        Assert.Empty(Machine.Grants(domain).Table.Mappings);
        Assert.Empty(Machine.EventChannels(domain).Channels.Ports);
        Assert.DoesNotContain(Machine.Store.Dump(), n => n.Path.StartsWith($"/local/domain/{domain}", StringComparison.Ordinal)
            || n.Path.StartsWith($"/libxl/{domain}", StringComparison.Ordinal) || n.Path.Contains($"/backend/vbd/{domain}", StringComparison.Ordinal));
        Assert.DoesNotContain(Machine.EventChannels(0).Channels.Ports.Values, p => p.Remote == domain);
        Assert.Equal(Machine.Grants(0).MaptrackFrames, Machine.Grants(0).MaptrackReturned.Count + LiveFrames(domain));
    }

    private void AssertAsBefore()
    {
        Assert.Equal(before.Nodes, Nodes());
        Assert.Equal(before.Watches, Machine.Store.WatchCount);
        Assert.Equal(before.Ports, Machine.EventChannels(0).Channels.Ports.Count);
        Assert.InRange(Machine.Store.ConnectionCount, 0, before.Connections);
        Assert.Equal(0, Machine.Store.TransactionCount);
    }

    private int LiveFrames(ushort except) => Machine.Places.Processes.Keys.Where(d => d != except && d != 0)
        .Sum(d => Machine.Grants(d).Table.TrackOf(0).FrameNumbers.Count);
}
