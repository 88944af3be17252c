using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.SplitDrivers.Block.Back;

namespace XenActors.Tests.SplitDrivers;

public sealed class BlkbackHandshakeTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedVbdFront vbd;

    public BlkbackHandshakeTests() => vbd = new(bench);

    private bool Alive => !bench.Simulator.Find("dom0/xenbus/vbd-29-768").IsNone;

    [Fact]
    public void Publishes_its_keys_in_the_profiles_order()
    {
        vbd.Connected();
        string[] expected =
        [
            .. bench.Host.Backend.VbdProbe.Select(k => k.Name), "physical-device", "hotplug-status", .. bench.Host.Backend.VbdConnect.Select(k => k.Name),
        ];
        Assert.Equal(expected, bench.Keys(vbd.Back).Skip(7));
        Assert.Equal("128", bench.Value(vbd.Back + "/sectors"));
        Assert.Equal("0", bench.Value(vbd.Back + "/info"));
        Assert.Equal("1", bench.Value(vbd.Back + "/feature-flush-cache"));
    }

    [Fact]
    public void Goes_to_InitWait_before_the_script_has_run()
    {
        vbd.Create();
        Assert.Equal("2", vbd.BackState);
    }

    [Fact]
    public void Connects_when_the_frontend_is_Initialised()
    {
        vbd.Connected();
        Assert.Equal("4", vbd.BackState);
        Assert.Equal(["2", "4"], bench.States("backend/vbd/29/768"));
    }

    [Theory]
    [InlineData(1, "2")]
    [InlineData(2, "2")]
    [InlineData(5, "5")]
    [InlineData(6, "6")]
    public void Does_not_connect_while_the_frontend_is_in_another_state(int state, string follows)
    {
        vbd.Create().Script().Initialise().State(state);
        Assert.Equal(follows, vbd.BackState);
        vbd.State(3);
        Assert.Equal("4", vbd.BackState);
    }

    [Fact]
    public void Waits_for_the_hotplug_scripts_physical_device()
    {
        vbd.Create().Initialise().State();
        Assert.Equal("2", vbd.BackState);
        vbd.Script();
        Assert.Equal("4", vbd.BackState);
    }

    [Fact]
    public void A_read_only_disk_says_so_in_info()
    {
        vbd.Create("r").Script().Initialise().State();
        Assert.Equal("4", bench.Value(vbd.Back + "/info"));
    }

    [Theory]
    [InlineData("ring-ref", "9999", "22 mapping ring-ref port 1")]
    [InlineData("ring-ref", "-1", "22 reading /local/domain/29/device/vbd/768/ring-ref")]
    [InlineData("ring-ref", "4294967296", "22 reading /local/domain/29/device/vbd/768/ring-ref")]
    [InlineData("event-channel", "77", "22 mapping ring-ref port 77")]
    [InlineData("event-channel", "0", "22 mapping ring-ref port 0")]
    [InlineData("event-channel", "x", "22 reading /local/domain/29/device/vbd/768/event-channel")]
    [InlineData("multi-queue-num-queues", "2", "38 guest requested 2 queues, exceeding the maximum of 1.")]
    [InlineData("multi-queue-num-queues", "0", "38 guest requested 0 queues, exceeding the maximum of 1.")]
    [InlineData("ring-page-order", "5", "22 requested ring page order 5 exceed max:4")]
    [InlineData("ring-page-order", "2", "22 reading /local/domain/29/device/vbd/768/ring-ref0")]
    [InlineData("protocol", "m68k-abi", "22 unknown fe protocol m68k-abi")]
    public void A_bad_node_costs_an_error_and_the_connection(string key, string value, string error)
    {
        vbd.Create().Script().Initialise();
        bench.Write($"{vbd.Front}/{key}", value);
        vbd.State();
        Assert.Equal(error, bench.Value(vbd.Error));
        Assert.Equal("5", vbd.BackState);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Fact]
    public void A_ring_page_with_indices_of_no_ring_is_refused()
    {
        vbd.Create().Script().Initialise(r => SharedRing.SetReqProd(r.Page, 0x80000000)).State();
        Assert.Equal("5 mapping ring-ref port 1", bench.Value(vbd.Error));
        Assert.Equal("5", vbd.BackState);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Fact]
    public void Stops_when_its_own_directory_is_removed()
    {
        vbd.Connected();
        bench.Rm(vbd.Back);
        Assert.False(Alive);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
        Assert.Equal(EvtchnState.Unbound, bench.Channels(DeviceBench.Guest).Ports[vbd.Port].State);
    }

    [Fact]
    public void Stops_when_a_directory_above_it_is_removed()
    {
        vbd.Connected();
        bench.Rm($"{DeviceBench.BackHome}/backend/vbd");
        Assert.False(Alive);
    }

    [Fact]
    public void Stops_when_the_frontends_directory_is_removed()
    {
        vbd.Connected();
        bench.Rm(vbd.Front);
        Assert.False(Alive);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
    }

    [Fact]
    public void Is_bound_anew_when_the_toolstack_makes_it_again()
    {
        vbd.Connected();
        bench.Rm(vbd.Back);
        bench.Rm(vbd.Front);
        vbd.Create();
        Assert.Equal("2", vbd.BackState);
        vbd.Initialise().State();
        Assert.Equal("2", vbd.BackState);
        vbd.Script();
        Assert.Equal("4", vbd.BackState);
        Assert.Equal(BlkifStatus.Okay, vbd.Ask(BlkifOp.Read, 3, 1, new Segment(vbd.Buffer(), 0, 0)).Status);
    }

    [Fact]
    public void Two_disks_that_appear_within_one_wake_up_are_both_bound()
    {
        var second = new ScriptedVbdFront(bench, 832);
        foreach (var disk in (ScriptedVbdFront[])[vbd, second])
        {
            bench.Directory(disk.Front, ["n29", "r0"], ("backend", disk.Back), ("backend-id", "0"), ("state", "1"));
            bench.Write(disk.Back + "/frontend", disk.Front);
            bench.Write(disk.Back + "/frontend-id", "29");
        }

        bench.Run();
        bench.Write(vbd.Back + "/state", "1");
        bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(50));
        bench.Write(second.Back + "/state", "1");
        bench.Run();
        Assert.Equal("2", vbd.BackState);
        Assert.Equal("2", second.BackState);
    }

    [Fact]
    public void A_state_node_that_is_gone_is_not_brought_back()
    {
        vbd.Create().Script().Initialise();
        bench.Write(vbd.Front + "/state", "3");

        // While the backend reads the frontend's keys.
        bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(200));
        bench.Rm(vbd.Back + "/state");
        bench.Run();
        Assert.Null(vbd.BackState);
    }

    [Fact]
    public void EAGAIN_in_any_transaction_is_met_with_another_try()
    {
        vbd.Create().Script().Initialise();
        bench.Write(vbd.Front + "/state", "3");
        bench.Conflict("dom0/xenbus/vbd-29-768");
        bench.Conflict("dom0/xenbus/vbd-29-768");
        bench.Run();
        Assert.Equal(5, bench.Commits("dom0/xenbus/vbd-29-768").Count);
        Assert.Equal("4", vbd.BackState);
    }

    [Fact]
    public void A_device_that_is_not_new_is_left_alone()
    {
        bench.Directory(vbd.Front, ["n29", "r0"], ("state", "1"));
        bench.Directory(vbd.Back, ["n0", "r29"], ("frontend", vbd.Front), ("frontend-id", "29"), ("state", "4"));
        bench.Run();
        Assert.False(Alive);
    }

    [Fact]
    public void A_volume_that_the_host_does_not_have_keeps_it_waiting()
    {
        vbd.Create(image: "/nowhere").Script().Initialise().State();
        Assert.Equal("2", vbd.BackState);
        Assert.Null(bench.Simulator.StateOf<BlkbackState>(bench.Simulator.Find("dom0/xenbus/vbd-29-768"))!.Volume);
    }
}
