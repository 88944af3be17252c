using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;

namespace XenActors.Tests.SplitDrivers;

public sealed class BlkfrontHandshakeTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;
    private readonly ScriptedVbdBack vbd;

    public BlkfrontHandshakeTests()
    {
        guest = new(bench);
        vbd = new(bench);
    }

    [Fact]
    public void Connects_by_Initialised_and_Connected()
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        Assert.Equal("1", vbd.FrontState);
        vbd.State(2);
        Assert.Equal("3", vbd.FrontState);
        vbd.Connect();
        Assert.Equal("4", vbd.FrontState);
        Assert.Equal(["3", "4"], bench.States("device/vbd/768"));
        var disk = guest.Kernel.Last<DiskAppeared>();
        Assert.Equal(("xvda", 128UL, false), (disk.Name, disk.Sectors, disk.ReadOnly));
    }

    [Fact]
    public void A_cdrom_of_an_HVM_guest_is_refused_in_these_words()
    {
        var cd = new ScriptedVbdBack(bench, 5632).Create("cdrom");
        guest.Boot(true, 0, "vbd");
        cd.State(2);
        Assert.Equal("19 xenbus_dev_probe on device/vbd/5632", bench.Value(cd.Error));
        Assert.Contains("vbd vbd-5632: 19 xenbus_dev_probe on device/vbd/5632", guest.Log);
        Assert.Equal("1", cd.FrontState);
    }

    [Fact]
    public void A_cdrom_of_a_PV_guest_is_accepted()
    {
        var cd = new ScriptedVbdBack(bench, 5632).Create("cdrom");
        guest.Boot(false, 0, "vbd");
        cd.State(2);
        Assert.Null(bench.Value(cd.Error));
        Assert.Equal("3", cd.FrontState);
    }

    [Fact]
    public void With_unplug_unnecessary_only_Xens_own_numbers_are_taken()
    {
        var xvd = new ScriptedVbdBack(bench, 51712).Create();
        vbd.Create();
        guest.Boot(true, UnplugState.Unnecessary, "vbd");
        vbd.State(2);
        xvd.State(2);
        Assert.Equal("19 xenbus_dev_probe on device/vbd/768", bench.Value(vbd.Error));
        Assert.Contains("blkfront_probe: HVM does not support vbd 768 as xen block device", guest.Log);
        Assert.Equal("3", xvd.FrontState);
    }

    [Fact]
    public void Without_a_backend_node_the_probe_fails()
    {
        bench.Directory(vbd.Front, ["n29", "r0"], ("backend-id", "0"), ("virtual-device", "768"), ("state", "1"));
        bench.Run();
        guest.Boot(true, 0, "vbd");
        Assert.Equal("2 xenbus_dev_probe on device/vbd/768", bench.Value(vbd.Error));
    }

    [Fact]
    public void A_backend_that_goes_to_Connected_without_InitWait_is_talked_to()
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        vbd.State(4);
        Assert.Equal("4", vbd.FrontState);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("99")]
    public void Other_backend_states_change_nothing(string state)
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        bench.Write(vbd.Back + "/state", state);
        bench.Run();
        Assert.Equal("1", vbd.FrontState);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void A_backend_that_closes_before_it_was_there_is_followed(int state)
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        vbd.State(state);
        Assert.Equal("6", vbd.FrontState);
        Assert.NotEmpty(guest.Kernel.All<XenbusSettled>());
    }

    [Fact]
    public void EAGAIN_in_either_transaction_is_met_with_another_try()
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        bench.Write(vbd.Back + "/state", "2");
        bench.Conflict("dom29/xenbus/vbd-768");
        bench.Conflict("dom29/xenbus/vbd-768");
        bench.Run();
        Assert.Equal(4, bench.Commits("dom29/xenbus/vbd-768").Count);
        Assert.Equal("3", vbd.FrontState);
    }

    [Fact]
    public void A_state_node_that_is_gone_is_not_brought_back()
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        bench.Rm(vbd.Front + "/state");
        vbd.State(2);
        Assert.Null(vbd.FrontState);
    }

    [Fact]
    public void A_full_grant_table_costs_this_device()
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        Fill();
        vbd.State(2);
        Assert.Equal("28 granting access to ring page", bench.Value(vbd.Error));
        Assert.Equal("1", vbd.FrontState);
    }

    [Fact]
    public void No_port_left_costs_this_device()
    {
        vbd.Create();
        guest.Boot(true, 0, "vbd");
        TakePorts();
        vbd.State(2);
        Assert.Equal("28 allocating event channel", bench.Value(vbd.Error));
    }

    [Fact]
    public void A_keyboard_too_needs_a_grant()
    {
        Keyboard();
        guest.Boot();
        Fill();
        guest.Register("vkbd");
        Assert.Equal("28 granting access to ring page", bench.Value(DeviceBench.GuestHome + "/error/device/vkbd/0/error"));
        Assert.Equal("1", bench.Value(DeviceBench.GuestHome + "/device/vkbd/0/state"));
    }

    [Fact]
    public void A_keyboard_too_needs_a_port()
    {
        Keyboard();
        guest.Boot();
        TakePorts();
        guest.Register("vkbd");
        Assert.Equal("28 allocating event channel", bench.Value(DeviceBench.GuestHome + "/error/device/vkbd/0/error"));
    }

    private void Keyboard() => bench.Directory(
        DeviceBench.GuestHome + "/device/vkbd/0", ["n29", "r0"], ("backend", DeviceBench.BackHome + "/backend/vkbd/29/0"), ("backend-id", "0"),
        ("state", "1"));

    private void Fill()
    {
        var table = bench.Grants(DeviceBench.Guest);
        while (table.Grant(0, [], false, false, Simulation.ActorRef.None, out _))
        {
        }
    }

    private void TakePorts()
    {
        var channels = bench.Channels(DeviceBench.Guest);
        while (channels.AllocUnbound(0, out _) == XenErrno.None)
        {
        }
    }
}
