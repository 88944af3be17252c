using XenActors.Experiments.Workloads.Net;
using XenActors.Machine.Network;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Tests.Workloads.Net;

/// <summary>Frames between guests of different hosts, through both bridges, both wires and the switch.</summary>
public sealed class NetHostsTests
{
    private static readonly VirtualDuration Second = VirtualDuration.FromSeconds(1);

    private static NetJob Job(int from, int to, bool echo = false) => new()
    {
        Name = "between",
        Guest = NetRoom.NameOf(from, 0),
        PeerMac = NetRoom.Mac(to, 0),
        FrameBytes = 60,
        FrameBytesMax = 1514,
        IntervalNs = 10_000,
        Count = 1000,
        Echo = echo,
    };

    private static int Process(NetRoom room, string name) => room.Simulator.ProcessNames.ToList().IndexOf(name);

    [Fact]
    public void Guests_of_two_hosts_reach_each_other()
    {
        var latency = VirtualDuration.FromMicroseconds(200);
        var room = new NetRoom(2, 1, network: new NetworkPlan { Latency = latency }).Boot();
        Assert.Equal(["alpha/dom0", "alpha/phys", "alpha/dom1", "beta/dom0", "beta/phys", "beta/dom1", "net"], room.Simulator.ProcessNames.Skip(1));
        var run = room.Start(Job(0, 1, echo: true), Job(1, 0));
        Assert.True(run.ToTheEnd(Second, Second));
        foreach (var result in run.Results())
        {
            Assert.Equal((1000, 0, 0, 0), (result.Forward.Received, result.Forward.Lost, result.Forward.Duplicates, result.Forward.Reordered));
            Assert.True(result.Forward.Latency.Min > 2 * latency.Nanoseconds);
        }

        Assert.Equal(1000, run.Results()[0].Replies!.Received);

        // What alpha's card gets: the replies to its own stream, and beta's.
        Assert.InRange(room.Room.Network!.Ports[0].Sent, 2000, 2002);
        Assert.InRange(room.Room.Network.Ports[1].Sent, 1000, 1002);
    }

    [Fact]
    public void A_direction_that_is_dropped_loses_frames_one_way_only()
    {
        var room = new NetRoom(2, 1).Boot();
        room.Simulator.InstallOnLink(Process(room, "alpha/dom0"), Process(room, "net"), new FaultRule<WireFrame>("a wire that is cut", (_, _) => Verdict.Drop));
        var run = room.Start(Job(0, 1), Job(1, 0));
        Assert.True(run.ToTheEnd(Second, Second));
        Assert.Equal(1000, run.Results()[0].Forward.Lost);
        Assert.Equal(0, run.Results()[1].Forward.Lost);
        Assert.Equal(1000, run.Results()[1].Forward.Received);
    }

    [Fact]
    public void Frames_that_are_delayed_by_turns_are_reordered_and_none_is_lost()
    {
        var room = new NetRoom(2, 1).Boot();
        var n = 0;
        room.Simulator.InstallOnLink(Process(room, "net"), Process(room, "beta/dom0"), new FaultRule<WireFrame>(
            "every third late", (_, _) => ++n % 3 == 0 ? Verdict.Delay(VirtualDuration.FromMicroseconds(25)) : Verdict.Pass));
        var run = room.Start(Job(0, 1));
        Assert.True(run.ToTheEnd(Second, Second));
        var forward = run.Results()[0].Forward;
        Assert.Equal((0, 0), (forward.Lost, forward.Duplicates));
        Assert.InRange(forward.Reordered, 200, 400);
    }

    [Fact]
    public void A_slow_wire_loses_what_its_port_cannot_hold()
    {
        var room = new NetRoom(2, 1, network: new NetworkPlan { Bandwidth = 100_000_000, PortBuffer = 16_384 }).Boot();
        var run = room.Start(Job(0, 1) with { FrameBytes = 1514, FrameBytesMax = 0 });
        Assert.True(run.ToTheEnd(Second, Second));
        var lost = run.Results()[0].Forward.Lost;
        Assert.InRange(lost, 500, 999);
        Assert.Equal(lost, room.Room.Network!.Ports.Sum(p => p.Dropped));
    }

    [Fact]
    public void Three_hosts_have_one_history_on_any_engine()
    {
        Assert.Equal(History(EngineOptions.Sequential), History(EngineOptions.Threads(3)));

        static Fingerprint History(EngineOptions engine)
        {
            var room = new NetRoom(3, 1, 3, engine).Boot();
            room.Start(Job(0, 1, echo: true), Job(2, 0, echo: true));
            room.Simulator.RunFor(VirtualDuration.FromMilliseconds(30));
            return room.Simulator.Fingerprint;
        }
    }

    [Fact]
    public void A_host_that_is_alone_is_what_it_always_was()
    {
        var room = new NetRoom(1, 1).Boot();
        Assert.Equal(["dom0", "phys", "dom1"], room.Simulator.ProcessNames.Skip(1));
        Assert.Null(room.Room.Network);
        Assert.DoesNotContain(room.Bridges(0).Devices, d => d.Wired);
    }
}
