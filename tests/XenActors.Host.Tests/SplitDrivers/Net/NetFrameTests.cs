using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Net;
using XenActors.Hypervisor.Grants;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Back;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.SplitDrivers.Net.Front;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Frames through a vif whose two ends are the real ones.</summary>
public sealed class NetFrameTests
{
    private const string Front = DeviceBench.GuestHome + "/device/vif/0";
    private const string Back = DeviceBench.BackHome + "/backend/vif/29/0";

    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;
    private readonly Peer program;
    private readonly NetTraffic traffic;

    public NetFrameTests()
    {
        guest = new(bench);
        program = bench.NewPeer(DeviceBench.Guest, "program");
        bench.Directory(Front, ["n29", "r0"], ("backend", Back), ("backend-id", "0"), ("handle", "0"), ("mac", $"{NetTraffic.Guest}"), ("state", "1"));
        bench.Directory(Back, ["n0", "r29"], ("frontend", Front), ("frontend-id", "29"), ("handle", "0"), ("hotplug-status", ""), ("state", "1"));
        bench.Run();
        bench.Write(Back + "/hotplug-status", "connected");
        bench.Run();
        traffic = new(bench);
    }

    private Simulation.ActorRef Driver => guest.Driver("vif-0");

    private NetfrontState FrontEnd => bench.Simulator.StateOf<NetfrontState>(Driver)!;

    private NetbackState BackEnd => bench.Simulator.StateOf<NetbackState>(bench.Simulator.Find("dom0/xenbus/vif-29-0"))!;

    private void Up(int mtu = 1500)
    {
        guest.Boot(true, 0, "vif");
        program.Tell(Driver, new OpenPacketSocket(EthernetHeader.Experimental));
        if (mtu != 1500)
        {
            program.Tell(Driver, new SetMtu(mtu));
            bench.Operator.Tell(bench.Bridges, new SetDeviceMtu("vif29.0", mtu));
        }
    }

    private void Send(byte[] bytes, long cookie = 0) => program.Tell(Driver, new SendFrame(new NetFrame(bytes), cookie));

    private static byte[] Broadcast(int length, int seed = 0) => NetTraffic.Frame(length, MacAddress.Broadcast, NetTraffic.Guest, seed);

    [Theory]
    [InlineData(14)]
    [InlineData(60)]
    [InlineData(1514)]
    public void A_frame_of_a_guest_reaches_the_bridge(int length)
    {
        Up();
        var frame = Broadcast(length);
        Send(frame, 7);
        Assert.Equal([frame], traffic.Arrived);
        Assert.Equal(new FrameSent(7, true), program.Last<FrameSent>());
    }

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(4097, 2)]
    [InlineData(9014, 3)]
    [InlineData(65517, 16)]
    public void A_long_frame_takes_a_slot_for_every_page_both_ways(int length, int slots)
    {
        Up(65499);
        var frame = Broadcast(length);
        Send(frame);
        Assert.Equal([frame], traffic.Arrived);
        Assert.Equal((uint)slots, FrontEnd.Tx!.ReqProdPvt);
        var back = NetTraffic.Frame(length, NetTraffic.Guest, NetTraffic.Station, 5);
        traffic.ToGuest(back);
        Assert.Equal(back, program.Last<FrameReceived>().Frame.Bytes.ToArray());
        Assert.Equal((uint)slots, BackEnd.Rx!.ReqCons);
    }

    [Fact]
    public void A_frame_for_the_guest_arrives_and_its_buffer_is_posted_again()
    {
        Up();
        for (var i = 0; i < 300; i++)
        {
            traffic.ToGuest(NetTraffic.Frame(100, NetTraffic.Guest, NetTraffic.Station, i));
        }

        Assert.Equal(300, program.All<FrameReceived>().Count);
        Assert.Equal(300u + 256, FrontEnd.Rx!.ReqProdPvt);
        Assert.Equal(256, FrontEnd.FromBackend.Refs.Count(r => r != 0));
    }

    [Fact]
    public void References_are_held_again_when_frames_have_gone()
    {
        Up();
        for (var i = 0; i < 50; i++)
        {
            Send(Broadcast(1000, i));
        }

        Assert.All(FrontEnd.ToBackend.Refs, r => Assert.Equal(0u, r));

        // 512 are held; 256 lie on the rx ring.
        Assert.Equal(256, bench.Simulator.StateOf<GrantTableState>(bench.Places.GrantTable(DeviceBench.Guest))!.Held[0].Refs.Count);
    }

    [Fact]
    public void More_frames_than_the_ring_has_slots_wait_their_turn_and_stay_in_order()
    {
        Up();
        for (var i = 0; i < 900; i++)
        {
            program.Say(Driver, new SendFrame(new NetFrame(Broadcast(64, i)), i));
        }

        bench.Run(100);
        Assert.Equal(Enumerable.Range(0, 900).Select(i => Broadcast(64, i)), traffic.Arrived);
        Assert.All(program.All<FrameSent>(), s => Assert.True(s.Sent));
    }

    [Fact]
    public void What_the_queue_cannot_hold_is_dropped_and_told()
    {
        Up();
        for (var i = 0; i < 1500; i++)
        {
            program.Say(Driver, new SendFrame(new NetFrame(Broadcast(64, i)), i));
        }

        bench.Run(100);
        var sent = program.All<FrameSent>().Count(s => s.Sent);
        Assert.InRange(sent, 1000, 1499);
        Assert.Equal(1500 - sent, FrontEnd.ToBackend.Dropped);
        Assert.Equal(sent, traffic.Arrived.Count);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(1519)]
    [InlineData(70000)]
    public void A_frame_that_no_device_takes_is_dropped(int length)
    {
        Up();
        Send(length < 14 ? new byte[length] : Broadcast(length), 3);
        Assert.Equal(new FrameSent(3, false), program.Last<FrameSent>());
        Assert.Empty(traffic.Arrived);
    }

    [Fact]
    public void The_bridge_forwards_nothing_that_is_too_long_for_a_port()
    {
        Up();
        traffic.ToGuest(NetTraffic.Frame(1519, NetTraffic.Guest, NetTraffic.Station));
        Assert.Empty(program.All<FrameReceived>());
        Assert.Equal(1, traffic.State.Find("vif29.0")!.TxDropped);
    }

    [Fact]
    public void A_packet_that_is_still_to_be_cut_goes_whole_with_its_segments_size()
    {
        Up();
        var bytes = NetTraffic.Frame(20_000, NetTraffic.Guest, NetTraffic.Station, 1, EthernetHeader.IPv4);
        program.Tell(Driver, new OpenPacketSocket(EthernetHeader.IPv4));
        traffic.Program.Tell(bench.Bridges, new SendOnBridge(NetTraffic.Bridge, new NetFrame(bytes)
        {
            Checksum = FrameChecksum.Blank,
            GsoType = NetifGsoType.Tcpv4,
            GsoSize = 1448,
        }));
        var got = program.Last<FrameReceived>().Frame;
        Assert.Equal(bytes, got.Bytes.ToArray());
        Assert.Equal((NetifGsoType.Tcpv4, (ushort)1448, FrameChecksum.Blank), (got.GsoType, got.GsoSize, got.Checksum));

        // Five pages and one slot for the segments.
        Assert.Equal(6u, BackEnd.Rx!.ReqCons);
        traffic.Program.Tell(bench.Bridges, new OpenBridgeSocket(NetTraffic.Bridge, EthernetHeader.IPv4));
        var out4 = NetTraffic.Frame(9000, MacAddress.Broadcast, NetTraffic.Guest, 2, EthernetHeader.IPv4);
        program.Tell(Driver, new SendFrame(new NetFrame(out4) { Checksum = FrameChecksum.Blank, GsoType = NetifGsoType.Tcpv4, GsoSize = 1448 }, 1));
        Assert.Equal(out4, traffic.Arrived[^1]);
        Assert.Equal(new FrameSent(1, true), program.Last<FrameSent>());
    }

    [Fact]
    public void A_checksum_flag_is_carried_and_a_blank_one_without_a_known_header_costs_the_frame()
    {
        Up();
        program.Tell(Driver, new SendFrame(new NetFrame(Broadcast(100)) { Checksum = FrameChecksum.Validated }, 1));
        Assert.Equal(FrameChecksum.Validated, traffic.Program.Last<FrameReceived>().Frame.Checksum);
        program.Tell(Driver, new SendFrame(new NetFrame(Broadcast(100)) { Checksum = FrameChecksum.Blank }, 2));
        Assert.Single(traffic.Arrived);
        Assert.Equal(1, BackEnd.FromGuest.Dropped);
    }

    [Fact]
    public void The_carrier_is_on_when_the_guest_has_posted_buffers()
    {
        Assert.False(traffic.State.Find("vif29.0")!.Carrier);
        Up();
        Assert.True(traffic.State.Find("vif29.0")!.Carrier);
        Assert.Contains("vif vif-29-0 vif29.0: Guest Rx ready", bench.BackLog);
    }

    [Fact]
    public void A_backend_that_vanishes_gives_all_back()
    {
        Up();
        Send(Broadcast(100));
        bench.Rm(Back);
        Assert.Empty(bench.Grants(DeviceBench.Guest).Mappings);
        Send(Broadcast(100), 9);
        Assert.Single(traffic.Arrived);
    }
}
