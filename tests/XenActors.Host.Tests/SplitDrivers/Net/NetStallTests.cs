using XenActors.Abi;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Back;
using XenActors.SplitDrivers.Net.Bridge;

namespace XenActors.Tests.SplitDrivers;

/// <summary>A guest that posts no buffers: its queue is bounded, its frames expire, and after a minute it has no carrier.</summary>
public sealed class NetStallTests
{
    private readonly DeviceBench bench = new();
    private readonly ScriptedNetFront front;
    private readonly NetTraffic traffic;

    public NetStallTests()
    {
        front = new(bench);
        traffic = new(bench);
    }

    private NetbackRx ToGuest => bench.Simulator.StateOf<NetbackState>(bench.Simulator.Find("dom0/xenbus/vif-29-0"))!.ToGuest;

    private bool Carrier => traffic.State.Find("vif29.0")!.Carrier;

    private void Frame(int length = 1000) => traffic.ToGuest(NetTraffic.Frame(length, NetTraffic.Guest, NetTraffic.Station));

    private void Post() => front.Post(front.Page(readOnly: false), 1);

    [Fact]
    public void Without_a_buffer_there_is_no_carrier_in_the_first_place()
    {
        front.Connect();
        Assert.False(Carrier);
        Post();
        Assert.True(Carrier);
    }

    [Fact]
    public void A_frame_waits_ten_seconds_for_a_buffer()
    {
        front.Connect();
        Post();
        Frame();
        Frame();
        bench.Run(9_900);
        Assert.Single(ToGuest.Queue);
        bench.Run(200);
        Assert.Empty(ToGuest.Queue);
        Assert.Equal(1, ToGuest.Dropped);
    }

    [Fact]
    public void A_frame_that_waits_goes_when_a_buffer_comes()
    {
        front.Connect();
        Post();
        Frame();
        Frame();
        bench.Run(5_000);
        Assert.Single(front.Received());
        Post();
        Assert.Equal(2, front.Received().Count);
    }

    [Fact]
    public void A_frame_of_several_slots_waits_for_all_of_them()
    {
        front.Connect();
        bench.Operator.Tell(bench.Bridges, new SetDeviceMtu("vif29.0", 9000));
        Post();
        Frame(9000);
        Assert.Empty(front.Received());
        Post();
        Assert.Empty(front.Received());
        Post();
        Assert.Equal([4096, 4096, 808], front.Received().Select(r => (int)r.Status));
        Assert.Equal([NetRxFlags.MoreData, NetRxFlags.MoreData, NetRxFlags.None], front.Received().Select(r => r.Flags));
    }

    [Fact]
    public void After_a_minute_without_buffers_the_carrier_goes_and_comes_back_with_the_next_one()
    {
        front.Connect();
        Post();
        Frame();
        for (var second = 0; second < 59; second++)
        {
            bench.Run(1000);
            Frame();
        }

        Assert.True(Carrier);
        bench.Run(2000);
        Frame();
        Assert.False(Carrier);
        Assert.Contains("vif vif-29-0 vif29.0: Guest Rx stalled", bench.BackLog);

        // The bridge sends nothing more, and what was queued expires.
        var dropped = traffic.State.Find("vif29.0")!.TxDropped;
        Frame();
        Assert.Equal(dropped + 1, traffic.State.Find("vif29.0")!.TxDropped);
        bench.Run(11_000);
        Assert.Empty(ToGuest.Queue);
        Post();
        Assert.True(Carrier);
        Assert.Equal(2, bench.BackLog.Count(l => l.EndsWith("Guest Rx ready", StringComparison.Ordinal)));
        Frame();
        Assert.Equal(2, front.Received().Count);
    }

    [Fact]
    public void A_frontend_that_does_not_tell_of_its_buffers_keeps_its_carrier_and_its_frames_expire_early()
    {
        front.Connect(notify: false);
        Assert.True(Carrier);
        Post();
        Frame();
        Frame();
        bench.Run(100);
        Assert.Empty(ToGuest.Queue);
        for (var second = 0; second < 70; second++)
        {
            bench.Run(1000);
            Frame();
        }

        Assert.True(Carrier);
    }

    [Fact]
    public void The_queue_is_bounded()
    {
        front.Connect();
        Post();
        for (var i = 0; i < 1000; i++)
        {
            Frame();
        }

        Assert.InRange(ToGuest.QueueBytes, 128 * 4096, (128 * 4096) + 1000);
        Assert.True(ToGuest.Dropped > 400);
    }
}
