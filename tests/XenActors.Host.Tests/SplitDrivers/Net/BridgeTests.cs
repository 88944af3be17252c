using XenActors.Guest.Net;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.Toolstack.Hotplug;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A bridge between devices whose drivers are scripted.</summary>
public sealed class BridgeTests
{
    private static readonly MacAddress A = new(0x0016_3e00_000a);
    private static readonly MacAddress B = new(0x0016_3e00_000b);

    private readonly DeviceBench bench = new();
    private readonly Peer[] ports;

    public BridgeTests()
    {
        ports = new Peer[3];
        for (var i = 0; i < ports.Length; i++)
        {
            ports[i] = bench.NewPeer(0, $"port{i}");
            ports[i].Tell(bench.Bridges, new VifCreated($"vif{i}.0"));
            ports[i].Tell(bench.Bridges, new VifCarrier($"vif{i}.0", true));
            bench.Operator.Tell(bench.Bridges, new BridgePortAdded("xenbr0", $"vif{i}.0"));
        }
    }

    private BridgeState State => bench.Simulator.StateOf<BridgeState>(bench.Bridges)!;

    private void Send(int port, MacAddress to, MacAddress from, int length = 60) =>
        ports[port].Tell(bench.Bridges, new FrameArrived(new NetFrame(NetTraffic.Frame(length, to, from))));

    private int[] Got() => [.. ports.Select(p => p.All<TransmitFrame>().Count)];

    [Fact]
    public void What_nobody_has_been_seen_behind_goes_everywhere_but_back()
    {
        Send(0, B, A);
        Assert.Equal([0, 1, 1], Got());
    }

    [Fact]
    public void An_address_is_learned_from_its_frames()
    {
        Send(1, A, B);
        Send(0, B, A);
        Assert.Equal([1, 1, 1], Got());
        Send(0, B, A);
        Assert.Equal([1, 2, 1], Got());
    }

    [Fact]
    public void A_frame_for_an_address_behind_its_own_port_goes_nowhere()
    {
        Send(0, B, A);
        Send(0, A, B);
        Assert.Equal([0, 1, 1], Got());
    }

    [Fact]
    public void An_address_at_two_ports_is_where_it_was_seen_last()
    {
        Send(1, MacAddress.Broadcast, A);
        Send(2, MacAddress.Broadcast, A);
        Send(0, A, B);
        Assert.Equal("vif2.0", State.Bridges["xenbr0"].Learned[A].Port);
        Assert.Equal([2, 1, 2], Got());
    }

    [Fact]
    public void An_address_is_forgotten_after_five_minutes()
    {
        Send(1, MacAddress.Broadcast, B);
        bench.Run(301_000);
        Send(0, B, A);
        Assert.Equal([1, 1, 2], Got());
        Assert.Equal(1, State.Bridges["xenbr0"].Flooded);
    }

    [Fact]
    public void A_port_without_carrier_takes_nothing_and_brings_nothing()
    {
        Send(1, MacAddress.Broadcast, B);
        ports[1].Tell(bench.Bridges, new VifCarrier("vif1.0", false));
        Assert.Empty(State.Bridges["xenbr0"].Learned);
        Send(0, B, A);
        Send(1, A, B);
        Assert.Equal([1, 0, 2], Got());
    }

    [Fact]
    public void A_device_that_is_on_no_bridge_or_on_another_is_apart()
    {
        bench.Operator.Tell(bench.Bridges, new BridgePortAdded("xenbr1", "vif2.0"));
        bench.Operator.Tell(bench.Bridges, new BridgePortRemoved("xenbr0", "vif1.0"));
        Send(0, B, A);
        Send(2, B, A);
        Assert.Equal([0, 0, 0], Got());
    }

    [Fact]
    public void The_station_on_the_bridge_hears_its_own_address_and_all()
    {
        var program = bench.NewPeer(0, "program");
        program.Tell(bench.Bridges, new OpenBridgeSocket("xenbr0", EthernetHeader.Experimental));
        Send(0, State.MacOf("xenbr0"), A);
        Assert.Equal([0, 0, 0], Got());
        Send(0, MacAddress.Broadcast, A);
        Send(0, B, A);
        Assert.Equal(2, program.All<FrameReceived>().Count);
    }

    [Theory]
    [InlineData(0x0180_c200_0000)]
    [InlineData(0x0180_c200_000e)]
    public void Link_local_frames_are_not_forwarded(long address)
    {
        Send(0, new((ulong)address), A);
        Assert.Equal([0, 0, 0], Got());
    }

    [Fact]
    public void A_group_is_nobodys_source()
    {
        Send(0, B, MacAddress.Broadcast);
        Assert.Equal([0, 0, 0], Got());
        Assert.Empty(State.Bridges["xenbr0"].Learned);
    }

    [Fact]
    public void Half_a_header_and_a_stranger_are_ignored()
    {
        ports[0].Tell(bench.Bridges, new FrameArrived(new NetFrame(new byte[13])));
        bench.Operator.Tell(bench.Bridges, new FrameArrived(new NetFrame(NetTraffic.Frame(60, B, A))));
        Assert.Equal([0, 0, 0], Got());
    }

    [Theory]
    [InlineData("00:16:3e:01:02:ff", true)]
    [InlineData("00:16:3E:01:02:FF", true)]
    [InlineData("0:16:3e:01:02:ff", false)]
    [InlineData("00:16:3e:01:02", false)]
    [InlineData("00:16:3e:01:02:fg", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_address_is_six_pairs_of_digits(string? text, bool valid)
    {
        Assert.Equal(valid, MacAddress.TryParse(text, out var address));
        Assert.Equal(valid ? "00:16:3e:01:02:ff" : "00:00:00:00:00:00", address.ToString());
    }
}
