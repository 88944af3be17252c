using XenActors.Abi;
using XenActors.Guest.Net;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Front;
using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>netfront against a backend that does what the test says.</summary>
public sealed class HostileNetbackTests
{
    private const string Front = DeviceBench.GuestHome + "/device/vif/0";
    private const string Back = DeviceBench.BackHome + "/backend/other/29/0";

    private readonly DeviceBench bench = new();
    private readonly ScriptedGuest guest;
    private readonly Peer program;
    private readonly Peer backend;

    public HostileNetbackTests()
    {
        guest = new(bench);
        program = bench.NewPeer(DeviceBench.Guest, "program");
        backend = bench.NewPeer(0, "netback");
        bench.Directory(Front, ["n29", "r0"], ("backend", Back), ("backend-id", "0"), ("handle", "0"), ("mac", $"{NetTraffic.Guest}"), ("state", "1"));
        bench.Directory(Back, ["n0", "r29"], ("frontend", Front), ("frontend-id", "29"), ("feature-rx-copy", "1"), ("state", "2"));
        bench.Run();
        guest.Boot(true, 0, "vif");
        program.Tell(Driver, new OpenPacketSocket(EthernetHeader.Experimental));
        foreach (var ring in (uint[])[State.TxRef, State.RxRef])
        {
            backend.Tell(bench.Places.GrantTable(DeviceBench.Guest), new MapGrants([ring], false, 1));
        }

        backend.Tell(bench.Places.EventChannels(0), new BindInterdomain(DeviceBench.Guest, State.TxPort, 1));
        Assert.Equal(XenErrno.None, backend.Last<EvtchnBound>().Error);
    }

    private Simulation.ActorRef Driver => guest.Driver("vif-0");

    private NetfrontState State => bench.Simulator.StateOf<NetfrontState>(Driver)!;

    private void Transmit(long cookie = 0) =>
        program.Tell(Driver, new SendFrame(new NetFrame(NetTraffic.Frame(60, MacAddress.Broadcast, NetTraffic.Guest)), cookie));

    private void AnswerTx(int id, uint count = 1)
    {
        var slot = new byte[NetifTxRequest.SizeOf];
        new NetifTxResponse((ushort)id, NetifStatus.Okay).WriteTo(slot);
        backend.Tell(Driver, new ResponsesPublished(State.TxRef, 0, count, slot));
    }

    private void AnswerRx(params ReadOnlySpan<NetifRxResponse> responses)
    {
        var slots = new byte[responses.Length * NetifRxResponse.SizeOf];
        for (var i = 0; i < responses.Length; i++)
        {
            responses[i].WriteTo(slots.AsSpan(i * NetifRxResponse.SizeOf));
        }

        var from = State.Rx!.RspCons;
        backend.Tell(Driver, new ResponsesPublished(State.RxRef, from, from + (uint)responses.Length, slots));
    }

    // Copies into the pages that are posted at these places of the ring.
    private void Fill(byte[] bytes, params ReadOnlySpan<int> places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var length = (ushort)Math.Min(Gfn.PageSize, bytes.Length - (i * Gfn.PageSize));
            backend.Tell(
                bench.Places.GrantTable(DeviceBench.Guest),
                new CopyToGrants([new(State.FromBackend.Refs[places[i]], 0, length)], bytes.AsSpan(i * Gfn.PageSize, length).ToArray(), 1));
        }
    }

    private void Dead(string words)
    {
        Assert.Contains(guest.Log, l => l.EndsWith(words, StringComparison.Ordinal));
        Assert.Contains(guest.Log, l => l.EndsWith("Disabled for further use", StringComparison.Ordinal));
        Transmit(77);
        Assert.Equal(new FrameSent(77, false), program.Last<FrameSent>());
    }

    private void Alive()
    {
        var frame = NetTraffic.Frame(100, NetTraffic.Guest, NetTraffic.Station, 9);
        var place = (int)(State.Rx!.RspCons & 255);
        Fill(frame, place);
        AnswerRx(new NetifRxResponse((ushort)place, 0, 0, 100));
        Assert.Equal(frame, program.Last<FrameReceived>().Frame.Bytes.ToArray());
    }

    [Fact]
    public void The_backend_finds_all_buffers_posted_when_it_maps_the_ring()
    {
        var found = BackRing.Attach(backend.All<RingRemembered>().Single(p => p.Ring == State.RxRef).Page, NetifRxRequest.SizeOf)!;
        Assert.Equal((0u, 256u), (found.ReqCons, found.ReqProd));
        Assert.Equal(256, Enumerable.Range(0, 256).Select(i => NetifRxRequest.Read(found.Shared((uint)i)).Gref.Value).Distinct().Count());
    }

    [Fact]
    public void An_id_beyond_the_ring_costs_the_device()
    {
        Transmit();
        AnswerTx(999);
        Dead("Response has incorrect id (999)");
    }

    [Fact]
    public void An_answer_to_nothing_costs_the_device()
    {
        Transmit();
        AnswerTx(3);
        Dead("Response for inactive request");
    }

    [Fact]
    public void More_answers_than_the_ring_has_slots_cost_the_device()
    {
        Transmit();
        AnswerTx(0, 300);
        Dead("Illegal number of responses 300");
    }

    [Fact]
    public void A_page_that_the_backend_keeps_mapped_costs_the_device()
    {
        Transmit();
        var page = State.ToBackend.Refs.Single(r => r != 0);
        backend.Tell(bench.Places.GrantTable(DeviceBench.Guest), new MapGrants([page], true, 2));
        AnswerTx(0);
        Dead("Grant still in use by backend domain");
    }

    [Fact]
    public void A_page_granted_for_sending_cannot_be_written()
    {
        Transmit();
        var page = State.ToBackend.Refs.Single(r => r != 0);
        backend.Tell(bench.Places.GrantTable(DeviceBench.Guest), new CopyToGrants([new(page, 0, 4)], [1, 2, 3, 4], 2));
        Assert.Equal(GnttabStatus.GeneralError, backend.Last<CopyGrantsResult>().Statuses[0]);
    }

    [Theory]
    [InlineData(4000, 100)]
    [InlineData(0, -1)]
    [InlineData(0, 5000)]
    public void A_page_with_an_impossible_size_costs_the_frame_and_is_posted_again(int offset, int status)
    {
        AnswerRx(new NetifRxResponse(0, (ushort)offset, 0, (short)status));
        Assert.Empty(program.All<FrameReceived>());
        Assert.Contains(guest.Log, l => l.EndsWith($"rx->offset: {offset}, size: {status}", StringComparison.Ordinal));
        Assert.Equal(257u, State.Rx!.ReqProdPvt);
        Alive();
    }

    [Fact]
    public void A_frame_whose_slots_are_missing_costs_the_frame()
    {
        AnswerRx(new NetifRxResponse(0, 0, NetRxFlags.MoreData, 4096));
        Assert.Contains(guest.Log, l => l.EndsWith("Need more slots", StringComparison.Ordinal));
        Assert.Empty(program.All<FrameReceived>());
        Alive();
    }

    [Fact]
    public void A_frame_of_too_many_slots_costs_the_frame()
    {
        var responses = new NetifRxResponse[20];
        for (var i = 0; i < 20; i++)
        {
            responses[i] = new((ushort)i, 0, i < 19 ? NetRxFlags.MoreData : 0, 1000);
        }

        AnswerRx(responses);
        Assert.Contains(guest.Log, l => l.EndsWith("Too many slots", StringComparison.Ordinal));
        Assert.Empty(program.All<FrameReceived>());
        Alive();
    }

    [Fact]
    public void Extra_information_of_no_kind_costs_the_frame()
    {
        AnswerRx(new NetifRxResponse(0, 0, NetRxFlags.ExtraInfo, 100), new NetifRxResponse(0x0009, 0, 0, 0));
        Assert.Contains(guest.Log, l => l.EndsWith("Invalid extra type: 9", StringComparison.Ordinal));
        Assert.Empty(program.All<FrameReceived>());
        Alive();
    }
}
