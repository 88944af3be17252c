using XenActors.Experiments;
using XenActors.Experiments.Workloads.Net;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Back;

namespace XenActors.Tests.Workloads.Net;

/// <summary>Streams of frames between guests of one host.</summary>
public sealed class NetTrafficTests
{
    private static readonly VirtualDuration Second = VirtualDuration.FromSeconds(1);

    private static NetJob Job(int from, int to, long count = 10_000, long interval = 5_000, bool echo = false) => new()
    {
        Name = $"{from}to{to}",
        Guest = NetRoom.NameOf(0, from),
        PeerMac = NetRoom.Mac(0, to),
        FrameBytes = 60,
        FrameBytesMax = 1514,
        IntervalNs = interval,
        Count = count,
        Echo = echo,
    };

    private static void Whole(NetCounts counts, long count)
    {
        Assert.Equal(count, counts.Sent);
        Assert.Equal((0, 0, 0, 0), (counts.Lost, counts.Dropped, counts.Duplicates, counts.Reordered));
        Assert.Equal(count, counts.Latency.Count);
        Assert.InRange(counts.Latency.Percentile(50), 1, 1_000_000);
    }

    [Fact]
    public void Two_guests_on_a_bridge_exchange_ten_thousand_frames_without_loss()
    {
        var room = new NetRoom(1, 2).Boot();
        var run = room.Start(Job(0, 1), Job(1, 0));
        Assert.True(run.ToTheEnd(Second, Second));
        foreach (var result in run.Results())
        {
            Whole(result.Forward, 10_000);
            Assert.Equal(0, result.Corrupt);
            Assert.Null(result.Replies);
        }

        Assert.Equal(["dom0", "phys", "dom1", "dom2"], room.Simulator.ProcessNames.Skip(1));
        Assert.True(room.Bridges(0).Bridges[NetRoom.Bridge].Flooded < 3);
    }

    [Fact]
    public void As_fast_as_the_kernel_takes_them_the_senders_socket_waits_and_nothing_is_dropped()
    {
        var room = new NetRoom(1, 2).Boot();
        var run = room.Start(Job(0, 1, 5_000, 0));
        Assert.True(run.ToTheEnd(Second, Second));
        var result = run.Results()[0];
        Assert.Equal(0, result.Forward.Dropped);
        Assert.True(result.Blocked > 0);
        Assert.Equal(result.Forward.Lost, room.Simulator.StateOf<NetbackState>(room.Simulator.Find("dom0/xenbus/vif-2-0"))!.ToGuest.Dropped);
    }

    [Fact]
    public void A_stream_comes_back_from_a_guest_and_from_dom0()
    {
        var room = new NetRoom(1, 2).Boot();
        var bridge = NetRun.MacOfBridge(room.Room.Machines[0], NetRoom.Bridge);
        var run = room.Start(Job(0, 1, 1000, 20_000, echo: true), Job(1, 0, 1000, 20_000, echo: true) with { PeerMac = bridge });
        Assert.True(run.ToTheEnd(Second, Second));
        foreach (var result in run.Results())
        {
            Whole(result.Forward, 1000);
            Whole(result.Replies!, 1000);
            Assert.True(result.Replies!.Latency.Min > result.Forward.Latency.Min);
        }
    }

    [Fact]
    public void Frames_for_nobody_are_lost_and_harm_nobody()
    {
        var room = new NetRoom(1, 2).Boot();
        var run = room.Start(Job(0, 1, 100) with { PeerMac = new MacAddress(0x0016_3e77_7777) });
        Assert.True(run.ToTheEnd(Second, Second));
        Assert.Equal(100, run.Results()[0].Forward.Lost);
        Assert.Equal(100, room.Bridges(0).Bridges[NetRoom.Bridge].Flooded);
    }

    [Fact]
    public void A_frame_that_a_fault_repeats_is_told()
    {
        var room = new NetRoom(1, 2).Boot();
        var bridges = room.Room.Machines[0].Bridges;
        var seen = 0;
        room.Simulator.InstallOnActor(bridges, new FaultRule<FrameArrived>("every tenth twice", (_, _) => ++seen % 10 == 0 ? Verdict.Duplicate(VirtualDuration.FromMicroseconds(500)) : Verdict.Pass));
        var run = room.Start(Job(0, 1, 1000));
        Assert.True(run.ToTheEnd(Second, Second));
        var forward = run.Results()[0].Forward;
        Assert.Equal((0, 100), (forward.Lost, forward.Duplicates));
    }

    [Fact]
    public void A_job_for_a_guest_that_is_not_there_is_refused_by_name()
    {
        var room = new NetRoom(1, 1).Boot();
        var error = Assert.Throws<UserErrorException>(() => room.Start(Job(0, 0) with { Guest = "nobody" }));
        Assert.Equal("job 0to0: no guest nobody runs; there are alpha0", error.Message);
        Assert.Throws<UserErrorException>(() => room.Start(Job(0, 0) with { Device = "eth9" }));
    }

    [Theory]
    [InlineData("mainline-2.6.36", "fedora16-xen-4.1.2")]
    [InlineData("mainline-2.6.37", "generic-xen-4.17")]
    public void Older_ends_exchange_frames_too(string kernel, string host)
    {
        var room = new NetRoom(1, 2, kernel: kernel, host: host).Boot();
        var run = room.Start(Job(0, 1, 500));
        Assert.True(run.ToTheEnd(Second, Second));
        Whole(run.Results()[0].Forward, 500);
    }

    [Fact]
    public void A_snapshot_in_the_middle_of_traffic_changes_nothing()
    {
        var (whole, wholeRun) = Began(11);
        var (half, _) = Began(11);
        half.Simulator.RunFor(VirtualDuration.FromMilliseconds(3));
        var snapshot = half.Simulator.Snapshot();
        var fresh = new NetRoom(1, 2, 11);
        fresh.Simulator.Restore(snapshot, new TypeCatalog(typeof(NetSenderActor).Assembly, typeof(XenMachine).Assembly));
        fresh.Simulator.RunFor(VirtualDuration.FromMilliseconds(47));
        whole.Simulator.RunFor(VirtualDuration.FromMilliseconds(50));
        Assert.Equal(whole.Simulator.Fingerprint, fresh.Simulator.Fingerprint);
        Assert.Equal(0, wholeRun.Results()[0].Forward.Lost);
        Assert.Equal(2000, wholeRun.Results()[0].Forward.Received);
    }

    [Fact]
    public void Threads_give_the_same_history()
    {
        var (one, _) = Began(5);
        var (two, _) = Began(5, EngineOptions.Threads(2));
        one.Simulator.RunFor(VirtualDuration.FromMilliseconds(30));
        two.Simulator.RunFor(VirtualDuration.FromMilliseconds(30));
        Assert.Equal(one.Simulator.Fingerprint, two.Simulator.Fingerprint);
    }

    private static (NetRoom Room, NetRun Run) Began(ulong seed, EngineOptions? engine = null)
    {
        var room = new NetRoom(1, 2, seed, engine).Boot();
        return (room, room.Start(Job(0, 1, 2000)));
    }
}
