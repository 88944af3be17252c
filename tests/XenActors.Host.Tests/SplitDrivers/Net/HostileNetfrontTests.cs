using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Back;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>netback against a frontend that does what the test says: each costs that vif, or the frame.</summary>
public sealed class HostileNetfrontTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedNetFront front;
    private readonly NetTraffic traffic;

    public HostileNetfrontTests()
    {
        front = new(bench);
        front.Connect();
        traffic = new(bench);
        front.Post(front.Page(readOnly: false), 0);
    }

    private NetbackState BackEnd => bench.Simulator.StateOf<NetbackState>(bench.Simulator.Find("dom0/xenbus/vif-29-0"))!;

    private static byte[] Frame(int length, int seed = 0) => NetTraffic.Frame(length, MacAddress.Broadcast, NetTraffic.Guest, seed);

    private void Disabled(string words)
    {
        Assert.Contains($"vif vif-29-0 vif29.0: {words}", bench.BackLog);
        Assert.Contains("vif vif-29-0 vif29.0: fatal error; disabling device", bench.BackLog);
        Assert.False(traffic.State.Find("vif29.0")!.Carrier);

        // Nothing is answered any more, and nothing comes.
        var answers = front.Answers().Count;
        front.Put(front.Page(Frame(60)), 0, 60).Send();
        Assert.Equal(answers, front.Answers().Count);
        Assert.Equal("4", bench.Value(front.Back + "/state"));
    }

    private void Alive()
    {
        var frame = Frame(200, 42);
        Assert.Equal([new NetifTxResponse(99, NetifStatus.Okay)], front.Put(front.Page(frame, 300), 300, 200, id: 99).Send());
        Assert.Equal(frame, traffic.Arrived[^1]);
    }

    [Fact]
    public void A_well_made_chain_is_one_frame()
    {
        var frame = Frame(5000);
        var answers = front.Put(front.Page(frame.AsSpan(0, 100), 3996), 3996, 5000, NetTxFlags.MoreData, 5)
            .Put(front.Page(frame.AsSpan(100, 4096)), 0, 4096, NetTxFlags.MoreData, 6)
            .Put(front.Page(frame.AsSpan(4196), 8), 8, 804, 0, 7).Send();
        Assert.Equal([new(5, NetifStatus.Okay), new(6, NetifStatus.Okay), new(7, NetifStatus.Okay)], answers);
        Assert.Equal([frame], traffic.Arrived);
    }

    [Fact]
    public void An_empty_slot_is_answered_okay_and_brings_nothing()
    {
        var frame = Frame(100);
        var answers = front.Put(front.Page(frame), 0, 100, NetTxFlags.MoreData, 1).Put(12345, 0, 0, NetTxFlags.MoreData, 2)
            .Put(front.Page(), 0, 0, 0, 3).Send();
        Assert.Equal([1, 2, 3], answers.Select(a => (int)a.Id).Order());
        Assert.All(answers, a => Assert.Equal(NetifStatus.Okay, a.Status));
        Assert.Equal([frame], traffic.Arrived);
    }

    [Fact]
    public void A_frame_without_a_whole_header_is_refused()
    {
        Assert.Equal([new(4, NetifStatus.Error)], front.Put(front.Page(Frame(60)), 0, 13, id: 4).Send());
        Alive();
    }

    [Fact]
    public void A_first_slot_that_holds_nothing_is_refused()
    {
        var answers = front.Put(front.Page(), 0, 100, NetTxFlags.MoreData, 1).Put(front.Page(Frame(100)), 0, 100, 0, 2).Send();
        Assert.Equal([new(1, NetifStatus.Error), new(2, NetifStatus.Error)], answers);
        Alive();
    }

    [Fact]
    public void A_bad_reference_costs_the_frame_and_answers_error()
    {
        Assert.Equal([new(4, NetifStatus.Error)], front.Put(4_000_000, 0, 100, id: 4).Send());
        var mixed = front.Put(front.Page(Frame(100)), 0, 200, NetTxFlags.MoreData, 5).Put(77_777, 0, 100, 0, 6).Send();
        Assert.Equal([new(5, NetifStatus.Okay), new(6, NetifStatus.Error)], mixed);
        Assert.Empty(traffic.Arrived);
        Assert.Equal(2, BackEnd.FromGuest.Errors);
        Alive();
    }

    [Fact]
    public void A_page_granted_to_somebody_else_cannot_be_read()
    {
        Assert.Equal([new(4, NetifStatus.Error)], front.Put(front.Page(Frame(100), to: 7), 0, 100, id: 4).Send());
        Alive();
    }

    [Fact]
    public void An_index_that_jumps_disables_the_device()
    {
        front.Driver.Tell(front.Backend, new RequestsPublished(front.TxRef, 0, 1000, []));
        Disabled("Impossible number of requests. req_prod 1000, req_cons 0, size 256");
    }

    [Fact]
    public void A_slot_across_its_page_disables_the_device()
    {
        front.Put(front.Page(), 4000, 100).Send();
        Disabled("Cross page boundary, txreq.offset: 4000, size: 100");
    }

    [Fact]
    public void A_later_slot_across_its_page_disables_the_device()
    {
        front.Put(front.Page(), 0, 300, NetTxFlags.MoreData).Put(front.Page(), 4090, 100).Send();
        Disabled("Cross page boundary, txp->offset: 4090, size: 100");
    }

    [Fact]
    public void A_chain_that_does_not_end_disables_the_device()
    {
        front.Put(front.Page(), 0, 300, NetTxFlags.MoreData).Put(front.Page(), 0, 100, NetTxFlags.MoreData).Send();
        Disabled("Asked for 1 slots but exceeds this limit");
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    [InlineData(21, false)]
    public void A_frame_of_more_slots_than_the_limit_is_refused(int slots, bool taken)
    {
        var bytes = Frame(60 * slots);
        for (var i = 0; i < slots; i++)
        {
            var part = front.Page(bytes.AsSpan(60 * i, 60));
            front.Put(part, 0, i == 0 ? bytes.Length : 60, i + 1 < slots ? NetTxFlags.MoreData : 0, i);
        }

        var answers = front.Send();
        Assert.Equal(slots, answers.Count);
        Assert.All(answers, a => Assert.Equal(taken ? NetifStatus.Okay : NetifStatus.Error, a.Status));
        Assert.Equal(taken ? [bytes] : [], traffic.Arrived);
        Alive();
    }

    [Fact]
    public void A_frame_of_far_too_many_slots_disables_the_device()
    {
        var page = front.Page();
        for (var i = 0; i < 22; i++)
        {
            front.Put(page, 0, i == 0 ? 2200 : 100, i < 21 ? NetTxFlags.MoreData : 0, i);
        }

        front.Send();
        Disabled("Malicious frontend using 20 slots, threshold 20");
    }

    [Fact]
    public void A_frame_that_has_overflown_its_size_is_refused()
    {
        // 65,600 bytes say that they are 64.
        var page = front.Page();
        for (var i = 0; i < 17; i++)
        {
            front.Put(page, 0, i == 0 ? 64 : 4096, i < 16 ? NetTxFlags.MoreData : 0, i);
        }

        var answers = front.Send();
        Assert.Equal(17, answers.Count);
        Assert.All(answers, a => Assert.Equal(NetifStatus.Error, a.Status));
        Assert.Empty(traffic.Arrived);
        Alive();
    }

    [Fact]
    public void Missing_extra_information_disables_the_device()
    {
        front.Put(front.Page(Frame(100)), 0, 100, NetTxFlags.ExtraInfo).Send();
        Disabled("Missing extra info");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(200)]
    public void Extra_information_of_no_kind_disables_the_device(int type)
    {
        front.Put(front.Page(Frame(100)), 0, 100, NetTxFlags.ExtraInfo).PutExtra((byte)type).Send();
        Disabled($"Invalid extra type: {type}");
    }

    [Theory]
    [InlineData(NetifGsoType.None, 1448, "Bad GSO type 0.")]
    [InlineData((NetifGsoType)7, 1448, "Bad GSO type 7.")]
    [InlineData(NetifGsoType.Tcpv4, 0, "GSO size must not be zero.")]
    public void Segments_that_cannot_be_disable_the_device(NetifGsoType type, int size, string words)
    {
        front.Put(front.Page(Frame(100)), 0, 100, NetTxFlags.ExtraInfo).PutGso(type, (ushort)size).Send();
        Disabled(words);
    }

    [Fact]
    public void A_slot_of_extra_information_gets_an_empty_response()
    {
        var answers = front.Put(front.Page(Frame(100)), 0, 100, NetTxFlags.ExtraInfo, 3).PutExtra((byte)NetifExtraType.Hash).Send();
        Assert.Equal([new(3, NetifStatus.Okay), new(0, NetifStatus.Null)], answers);
        Assert.Single(traffic.Arrived);
    }

    [Fact]
    public void Addresses_are_joined_and_left_and_no_more_than_64()
    {
        for (var i = 0; i < 65; i++)
        {
            var slot = front.Put(0, 0, 0, NetTxFlags.ExtraInfo, i).Tx.NextRequest();
            NetifExtraInfo.WriteMcast(slot, NetifExtraType.McastAdd, 0, [1, 0, 0x5E, 0, 0, (byte)i]);
        }

        var answers = front.Send();
        Assert.Equal(64, answers.Count(a => a.Status == NetifStatus.Okay));
        Assert.Equal(1, answers.Count(a => a.Status == NetifStatus.Error));
        NetifExtraInfo.WriteMcast(front.Put(0, 0, 0, NetTxFlags.ExtraInfo, 3).Tx.NextRequest(), NetifExtraType.McastDel, 0, [1, 0, 0x5E, 0, 0, 7]);
        front.Send();
        Assert.Equal(63, BackEnd.FromGuest.Multicast.Count);
        Alive();
    }

    [Fact]
    public void What_was_taken_before_a_fatal_frame_still_goes()
    {
        var frame = Frame(80);
        var answers = front.Put(front.Page(frame), 0, 80, id: 1).Put(front.Page(), 4000, 100, id: 2).Send();
        Assert.Equal([new(1, NetifStatus.Okay)], answers);
        Assert.Equal([frame], traffic.Arrived);
    }

    [Fact]
    public void A_slot_that_changes_after_it_was_taken_changes_nothing()
    {
        var frame = Frame(100);
        front.Put(front.Page(frame), 0, 100, id: 8);
        front.Driver.Say(front.Backend, front.Tx.Publish(front.TxRef)!.Value);
        var evil = new byte[NetifTxRequest.SizeOf];
        new NetifTxRequest(new(9), 4000, NetTxFlags.MoreData, 1, 60000).WriteTo(evil);
        bench.Simulator.RunFor(Simulation.VirtualDuration.FromMicroseconds(2));
        front.Driver.Tell(front.Backend, new RequestsPublished(front.TxRef, 0, 1, evil));
        Assert.Equal([new(8, NetifStatus.Okay)], front.Answers());
        Assert.Equal([frame], traffic.Arrived);
    }

    [Fact]
    public void A_buffer_that_cannot_be_written_says_so_in_its_response()
    {
        front.Post(front.Page(readOnly: true), 5);
        traffic.ToGuest(NetTraffic.Frame(100, NetTraffic.Guest, NetTraffic.Station));
        traffic.ToGuest(NetTraffic.Frame(100, NetTraffic.Guest, NetTraffic.Station));
        Assert.Equal([100, (short)GnttabStatus.GeneralError], front.Received().Select(r => r.Status));
        Assert.Equal(1, BackEnd.ToGuest.Errors);
    }

    [Fact]
    public void Pages_that_were_never_granted_are_written_by_nobody()
    {
        front.Post(4_000_000, 5);
        traffic.ToGuest(NetTraffic.Frame(100, NetTraffic.Guest, NetTraffic.Station));
        traffic.ToGuest(NetTraffic.Frame(100, NetTraffic.Guest, NetTraffic.Station));
        Assert.Equal((short)GnttabStatus.BadGntref, front.Received()[1].Status);
    }

    [Fact]
    public void A_storm_of_events_slows_its_own_port_down_and_no_frame()
    {
        for (var i = 0; i < 3000; i++)
        {
            front.Driver.Say(bench.Places.EventChannels(DeviceBench.Guest), new SendEvent(Port("tx")));
        }

        bench.Run(50);
        Alive();
    }

    private uint Port(string name) => uint.Parse(bench.Value($"{front.Front}/event-channel-{name}")!, System.Globalization.CultureInfo.InvariantCulture);
}
