using System.Text;
using XenActors.Abi;
using XenActors.Guest;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;
using XenActors.Xenstore;

namespace XenActors.Tests.Xenbus;

public sealed class FrontendXenbusTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;

    public FrontendXenbusTests() => guest = new(bench);

    [Fact]
    public void A_node_without_a_state_is_no_device()
    {
        new ScriptedVbdBack(bench).Create();
        bench.Write(DeviceBench.GuestHome + "/device/suspend/event-channel", "");
        bench.Run();
        guest.Boot();
        Assert.Equal(["device/vbd/768"], guest.Kernel.Last<XenbusDevices>().Nodes);
    }

    [Fact]
    public void A_node_without_a_state_that_appears_later_is_no_device_either()
    {
        guest.Boot(true, 0, "vbd");
        bench.Directory(DeviceBench.GuestHome + "/device/vbd/768", ["n29", "r0"], ("backend", "x"));
        bench.Run();
        Assert.True(guest.Driver("vbd-768").IsNone);
    }

    [Fact]
    public void A_device_that_appears_later_is_bound()
    {
        guest.Boot(true, 0, "vbd");
        var vbd = new ScriptedVbdBack(bench).Create();
        vbd.State(2);
        Assert.Equal("3", vbd.FrontState);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(300)]
    [InlineData(400)]
    public void A_device_that_appears_while_the_bus_lists_is_bound(int microseconds)
    {
        var vbd = new ScriptedVbdBack(bench);
        guest.Kernel.Say(bench.FrontBus, new StartXenbus(guest.Profile, DeviceBench.Guest, guest.Kernel.Ref, true, default));
        guest.Kernel.Say(bench.FrontBus, new DriverRegistered("vbd"));
        bench.Simulator.RunFor(VirtualDuration.FromMicroseconds(microseconds));
        vbd.Create();
        vbd.State(2);
        Assert.Equal("3", vbd.FrontState);
    }

    [Fact]
    public void A_driver_may_register_before_the_list_is_made()
    {
        var vbd = new ScriptedVbdBack(bench).Create().State(2);
        guest.Kernel.Say(bench.FrontBus, new StartXenbus(guest.Profile, DeviceBench.Guest, guest.Kernel.Ref, true, default));
        guest.Kernel.Say(bench.FrontBus, new DriverRegistered("vbd"));
        bench.Run();
        Assert.Equal("3", vbd.FrontState);
    }

    [Fact]
    public void A_driver_may_register_long_after()
    {
        var vbd = new ScriptedVbdBack(bench).Create().State(2);
        guest.Boot();
        bench.Run(5000);
        Assert.Equal("1", vbd.FrontState);
        guest.Register("vbd");
        Assert.Equal("3", vbd.FrontState);
    }

    [Fact]
    public void A_device_that_never_answers_is_given_up_with_a_message()
    {
        new ScriptedVbdBack(bench).Create();
        guest.Boot(true, 0, "vbd");
        var before = guest.Kernel.All<XenbusSettled>().Count;
        bench.Run(299_000);
        Assert.DoesNotContain(guest.Log, l => l.Contains("Timeout", StringComparison.Ordinal));
        bench.Run(2000);
        Assert.Contains("xenbus_probe_frontend: Timeout connecting to device: device/vbd/768", guest.Log);
        Assert.Equal(before + 1, guest.Kernel.All<XenbusSettled>().Count);
    }

    [Fact]
    public void Watches_of_two_drivers_never_mix()
    {
        var disk = new ScriptedVbdBack(bench).Create();
        var second = new ScriptedVbdBack(bench, 832).Create();
        guest.Boot(true, 0, "vbd");
        disk.State(2);
        Assert.Equal("3", disk.FrontState);
        Assert.Equal("1", second.FrontState);
        second.State(2);
        Assert.Equal("3", second.FrontState);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4294967295)]
    public void A_stray_reply_is_ignored(uint id)
    {
        var vbd = new ScriptedVbdBack(bench).Create().State(2);
        guest.Boot(true, 0, "vbd");
        foreach (var bus in (ActorRef[])[bench.FrontBus, bench.BackBus, guest.Driver("vbd-768")])
        {
            bench.Front.Tell(bus, new XsReply(XsWireType.Read, id, 7, Encoding.Latin1.GetBytes("x")));
            bench.Front.Tell(bus, new XsReply(XsWireType.TransactionStart, id, 7, []));
        }

        Assert.Equal("3", vbd.FrontState);
        vbd.Connect();
        Assert.Equal("4", vbd.FrontState);
    }

    [Fact]
    public void A_watch_event_with_a_strangers_token_is_ignored()
    {
        guest.Boot(true, 0, "vbd");
        foreach (var bus in (ActorRef[])[bench.FrontBus, bench.BackBus])
        {
            bench.Front.Tell(bus, new XsWatchEvent("device/vbd/1", "nobody's"));
            bench.Front.Tell(bus, new XsWatchEvent("", ""));
            bench.Front.Tell(bus, new XsWatchEvent("////", "device"));
            bench.Front.Tell(bus, new XsWatchEvent("////", "backend"));
        }

        Assert.True(guest.Driver("vbd-1").IsNone);
    }
}
