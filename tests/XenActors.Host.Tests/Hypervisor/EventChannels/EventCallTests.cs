using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Hypervisor;

/// <summary>HYPERVISOR_event_channel_op by its bytes, between domain 0 and domain 29, and late EOIs.</summary>
public sealed class EventCallTests
{
    private const ushort Guest = DeviceBench.Guest;
    private readonly DeviceBench bench = new();
    private readonly Peer dom0;

    public EventCallTests() => dom0 = bench.NewPeer(0, "dom0-kernel");

    private (long Result, byte[] Argument) Call(Peer by, ushort domain, EvtchnOp operation, byte[] argument, byte[]? page = null)
    {
        by.Tell(bench.Places.EventChannels(domain), new EventChannelOp((uint)operation, argument, page, 1));
        bench.Run(1);
        var result = by.Last<EventChannelOpResult>();
        return (result.Result, result.Argument);
    }

    private (long Result, byte[] Argument) ByGuest(EvtchnOp operation, byte[] argument, byte[]? page = null) =>
        Call(bench.Front, Guest, operation, argument, page);

    private static byte[] Bytes(int size, Action<byte[]> write)
    {
        var bytes = new byte[size];
        write(bytes);
        return bytes;
    }

    private static byte[] Alloc(ushort dom, ushort remote) =>
        Bytes(EvtchnAllocUnbound.SizeOf, b => new EvtchnAllocUnbound(new DomId(dom), new DomId(remote), default).WriteTo(b));

    private static byte[] Bind(ushort remote, uint port) =>
        Bytes(EvtchnBindInterdomain.SizeOf, b => new EvtchnBindInterdomain(new DomId(remote), new EvtchnPort(port), default).WriteTo(b));

    private static byte[] Status(ushort dom, uint port) =>
        Bytes(EvtchnStatus.SizeOf, b => new EvtchnStatus(new DomId(dom), new EvtchnPort(port), default, default, default, 0).WriteTo(b));

    private static byte[] Port(uint port) => Bytes(4, b => new EvtchnClose(new EvtchnPort(port)).WriteTo(b));

    private uint Allocated()
    {
        var (result, argument) = ByGuest(EvtchnOp.AllocUnbound, Alloc(DomId.Self.Value, 0));
        Assert.Equal(0, result);
        return EvtchnAllocUnbound.Read(argument).Port.Value;
    }

    [Fact]
    public void Two_domains_bind_send_and_close()
    {
        var port = Allocated();
        var (result, argument) = Call(dom0, 0, EvtchnOp.BindInterdomain, Bind(Guest, port));
        var local = EvtchnBindInterdomain.Read(argument).LocalPort.Value;
        Assert.Equal((0, 1u), (result, local));

        Assert.Equal(0, ByGuest(EvtchnOp.Unmask, Port(port)).Result);
        Assert.Empty(bench.Front.All<EventFired>());
        Assert.Equal(0, Call(dom0, 0, EvtchnOp.Send, Port(local)).Result);
        Assert.Equal([port], bench.Front.All<EventFired>().Select(e => e.Port));

        // Bound ports are pending at once, and masked until their owner unmasks them.
        Assert.Empty(dom0.All<EventFired>());
        Assert.Equal(0, Call(dom0, 0, EvtchnOp.Unmask, Port(local)).Result);
        Assert.Equal([local], dom0.All<EventFired>().Select(e => e.Port));

        var status = EvtchnStatus.Read(ByGuest(EvtchnOp.Status, Status(DomId.Self.Value, port)).Argument);
        Assert.Equal((EvtchnState.Interdomain, (ushort)0, local), (status.Status, status.RemoteDom.Value, status.Number));
        Assert.Equal(0, Call(dom0, 0, EvtchnOp.Close, Port(local)).Result);
        status = EvtchnStatus.Read(ByGuest(EvtchnOp.Status, Status(Guest, port)).Argument);
        Assert.Equal((EvtchnState.Unbound, (ushort)0), (status.Status, status.RemoteDom.Value));
        Assert.Equal(-22, Call(dom0, 0, EvtchnOp.Close, Port(local)).Result);
    }

    [Fact]
    public void The_privileged_domain_may_look_at_and_allocate_for_another()
    {
        var (result, argument) = Call(dom0, 0, EvtchnOp.AllocUnbound, Alloc(Guest, DomId.Self.Value));
        var port = EvtchnAllocUnbound.Read(argument).Port.Value;
        Assert.Equal((0, 1u), (result, port));
        var status = EvtchnStatus.Read(Call(dom0, 0, EvtchnOp.Status, Status(Guest, port)).Argument);
        Assert.Equal((EvtchnState.Unbound, (ushort)0), (status.Status, status.RemoteDom.Value));
        Assert.Equal(-22, Call(dom0, 0, EvtchnOp.Status, Status(Guest, 4000)).Result);
        Assert.Equal(-22, Call(dom0, 0, EvtchnOp.Reset, Bytes(2, b => new EvtchnReset(new DomId(Guest)).WriteTo(b))).Result);
    }

    [Fact]
    public void The_privileged_domain_resets_anothers_ports_while_it_is_paused()
    {
        var reset = Bytes(2, b => new EvtchnReset(new DomId(Guest)).WriteTo(b));
        var port = Allocated();
        var (_, argument) = Call(dom0, 0, EvtchnOp.BindInterdomain, Bind(Guest, port));
        var local = EvtchnBindInterdomain.Read(argument).LocalPort.Value;
        Assert.Equal(-22, Call(dom0, 0, EvtchnOp.Reset, reset).Result);
        bench.Operator.Tell(bench.Places.EventChannels(Guest), new VcpusPaused(true));
        Assert.Equal(0, Call(dom0, 0, EvtchnOp.Reset, reset).Result);
        Assert.Empty(bench.Channels(Guest).Ports);
        Assert.Equal(EvtchnState.Unbound, EvtchnStatus.Read(Call(dom0, 0, EvtchnOp.Status, Status(DomId.Self.Value, local)).Argument).Status);
        Assert.Equal(-3, Call(dom0, 0, EvtchnOp.Reset, Bytes(2, b => new EvtchnReset(new DomId(77)).WriteTo(b))).Result);
        Assert.Equal(-1, ByGuest(EvtchnOp.Reset, Bytes(2, b => new EvtchnReset(new DomId(0)).WriteTo(b))).Result);
        Assert.Equal(local, Assert.Single(bench.Channels(0).Ports.Keys));
    }

    [Fact]
    public void A_paused_domains_upcalls_wait_until_it_runs_again()
    {
        var port = Allocated();
        var (_, argument) = Call(dom0, 0, EvtchnOp.BindInterdomain, Bind(Guest, port));
        ByGuest(EvtchnOp.Unmask, Port(port));
        bench.Operator.Tell(bench.Places.EventChannels(Guest), new VcpusPaused(true));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(0, Call(dom0, 0, EvtchnOp.Send, Port(EvtchnBindInterdomain.Read(argument).LocalPort.Value)).Result);
        }

        bench.Run(1000);
        Assert.Empty(bench.Front.All<EventFired>());
        bench.Operator.Tell(bench.Places.EventChannels(Guest), new VcpusPaused(false));
        bench.Run(1);
        Assert.Equal(port, Assert.Single(bench.Front.All<EventFired>()).Port);
    }

    [Fact]
    public void A_poll_ends_with_a_pending_port_masked_or_not_or_when_its_time_is_up()
    {
        var (first, second) = (Allocated(), Allocated());
        var local = EvtchnBindInterdomain.Read(Call(dom0, 0, EvtchnOp.BindInterdomain, Bind(Guest, second)).Argument).LocalPort.Value;
        var start = (ulong)bench.Simulator.Now.Nanoseconds;
        Poll(1, 0, first, second);
        Poll(2, start + 50_000_000, first);
        Poll(3, 0, first);
        Assert.Empty(Polled());
        Call(dom0, 0, EvtchnOp.Send, Port(local));
        Assert.Equal([(1L, 0L)], Polled());
        bench.Run(100);
        Assert.Equal([(1L, 0L), (2, 0)], Polled());

        // Pending already, a time that has passed, and neither.
        Poll(4, 0, first, second);
        Poll(5, 1, first);
        Assert.Equal([(1L, 0L), (2, 0), (4, 0), (5, 0)], Polled());
        bench.Run(1000);
        Assert.Equal(4, Polled().Count);
    }

    [Fact]
    public void A_poll_of_a_port_that_is_not_there_or_of_too_many_is_refused()
    {
        var port = Allocated();
        Poll(1, 0, 100_000);
        Poll(2, 0, [.. Enumerable.Repeat(port, 129)]);
        Poll(3, 1, [.. Enumerable.Repeat(port, 128)]);
        Assert.Equal([(1L, -22L), (2, -22), (3, 0)], Polled());
    }

    private void Poll(long cookie, ulong timeout, params List<uint> ports)
    {
        bench.Front.Tell(bench.Places.EventChannels(Guest), new PollPorts(ports, timeout, cookie));
        bench.Run(1);
    }

    private List<(long Cookie, long Result)> Polled() => [.. bench.Front.All<PollPortsResult>().Select(r => (r.Cookie, r.Result))];

    [Theory]
    [InlineData(EvtchnOp.AllocUnbound, (ushort)0, -1)]
    [InlineData(EvtchnOp.AllocUnbound, (ushort)77, -3)]
    [InlineData(EvtchnOp.Status, (ushort)0, -1)]
    [InlineData(EvtchnOp.Status, (ushort)77, -3)]
    public void A_guest_may_not_reach_for_others_ports(EvtchnOp operation, ushort dom, long expected) =>
        Assert.Equal(expected, ByGuest(operation, operation == EvtchnOp.Status ? Status(dom, 1) : Alloc(dom, 0)).Result);

    [Fact]
    public void Binding_to_nobody_or_to_nothing_leaves_no_port()
    {
        Assert.Equal(-3, ByGuest(EvtchnOp.BindInterdomain, Bind(77, 1)).Result);
        Assert.Equal(-22, ByGuest(EvtchnOp.BindInterdomain, Bind(0, 500)).Result);
        Assert.Empty(bench.Channels(Guest).Ports);
        Assert.Equal(1u, Allocated());
    }

    [Theory]
    [InlineData(14u, 64, -38)]
    [InlineData(uint.MaxValue, 64, -38)]
    [InlineData((uint)EvtchnOp.Status, 23, -14)]
    [InlineData((uint)EvtchnOp.Close, 0, -14)]
    public void Unknown_operations_and_short_arguments_are_refused(uint operation, int bytes, long expected) =>
        Assert.Equal(expected, ByGuest((EvtchnOp)operation, new byte[bytes]).Result);

    [Fact]
    public void The_FIFO_layout_comes_with_the_guests_pages_and_goes_with_a_reset()
    {
        var port = Allocated();
        byte[] Init(uint offset) => Bytes(EvtchnInitControl.SizeOf, b => new EvtchnInitControl(7, offset, default, 0).WriteTo(b));
        Assert.Equal(-22, ByGuest(EvtchnOp.InitControl, Init(4), new byte[Gfn.PageSize]).Result);
        Assert.Equal(-22, ByGuest(EvtchnOp.InitControl, Init(0)).Result);
        Assert.Equal(-95, ByGuest(EvtchnOp.ExpandArray, new byte[8], GuestEvents.MaskedPage()).Result);
        var (result, argument) = ByGuest(EvtchnOp.InitControl, Init(0), new byte[Gfn.PageSize]);
        Assert.Equal((0, (byte)17), (result, EvtchnInitControl.Read(argument).LinkBits));
        Assert.Equal(0, ByGuest(EvtchnOp.ExpandArray, new byte[8], GuestEvents.MaskedPage()).Result);
        Assert.Equal(0, ByGuest(EvtchnOp.Unmask, Port(port)).Result);
        bench.Front.Tell(bench.Places.EventChannels(Guest), new RingEvent(port));
        Assert.Equal([port], bench.Front.All<EventFired>().Select(e => e.Port));
        Assert.Equal(0, ByGuest(EvtchnOp.Reset, Bytes(2, b => new EvtchnReset(DomId.Self).WriteTo(b))).Result);
        Assert.Empty(bench.Channels(Guest).Ports);
        Assert.Null(bench.Channels(Guest).Fifo);
    }

    [Fact]
    public void An_IPI_and_a_timer_reach_their_owner()
    {
        var events = bench.Places.EventChannels(Guest);
        bench.Front.Tell(events, new BindIpi(0, 5));
        var ipi = bench.Front.Last<EvtchnBound>();
        bench.Front.Tell(events, new BindVirq(Virq.Timer, 0, 6));
        var timer = bench.Front.Last<EvtchnBound>();
        bench.Front.Tell(events, new BindVirq(Virq.DomExc, 0, 7));
        Assert.Equal((XenErrno.None, XenErrno.None, XenErrno.EBUSY), (ipi.Error, timer.Error, bench.Front.Last<EvtchnBound>().Error));
        bench.Front.Tell(events, new SendEvent(ipi.Port));
        bench.Front.Tell(events, new RaiseVirq(Virq.Timer, 0));
        bench.Front.Tell(events, new RaiseVirq(Virq.Debug, 0));
        Assert.Equal([ipi.Port, timer.Port], bench.Front.All<EventFired>().Select(e => e.Port));
    }

    [Fact]
    public void A_guest_without_a_callback_hears_of_its_events_when_it_has_one()
    {
        var events = bench.Places.EventChannels(Guest);
        bench.Operator.Tell(events, new SetupEvents(true, 1, 1023, 64));
        bench.Front.Tell(events, new BindIpi(0, 5));
        var port = bench.Front.Last<EvtchnBound>().Port;
        bench.Front.Tell(events, new SendEvent(port));
        Assert.Empty(bench.Front.All<EventFired>());
        bench.Operator.Tell(events, new SetCallbackVia((1UL << 56) | (2UL << 11), 24));
        Assert.Equal([port], bench.Front.All<EventFired>().Select(e => e.Port));
    }

    [Fact]
    public void A_late_EOI_holds_further_events_back()
    {
        var events = bench.Places.EventChannels(Guest);
        bench.Front.Tell(events, new AllocUnbound(0, 1, LateEoi: true));
        var port = bench.Front.Last<EvtchnAllocated>().Port;
        void Ring() => bench.Front.Tell(events, new RingEvent(port));
        int Fired() => bench.Front.All<EventFired>().Count;
        Ring();
        Ring();
        Ring();
        Assert.Equal(1, Fired());

        // Another driver cannot end it.
        bench.NewPeer(Guest, "other").Tell(events, new LateEoi(port, false));
        Assert.Equal(1, Fired());
        bench.Front.Tell(events, new LateEoi(port, false));
        Assert.Equal(2, Fired());
        bench.Front.Tell(events, new LateEoi(port, false));
        bench.Front.Tell(events, new LateEoi(port, false));
        Ring();
        Assert.Equal(3, Fired());
    }

    [Fact]
    public void Spurious_events_slow_a_port_down_to_one_a_second()
    {
        var events = bench.Places.EventChannels(Guest);
        bench.Front.Tell(events, new AllocUnbound(0, 1, LateEoi: true));
        var port = bench.Front.Last<EvtchnAllocated>().Port;
        var waits = new List<long>();
        for (var i = 0; i < 13; i++)
        {
            bench.Front.Tell(events, new RingEvent(port));
            var before = bench.Front.All<EventFired>().Count;
            bench.Front.Say(events, new LateEoi(port, true));
            bench.Front.Say(events, new RingEvent(port));
            bench.Simulator.RunFor(VirtualDuration.FromMicroseconds(500));
            long wait = 0;
            for (; bench.Front.All<EventFired>().Count == before && wait < 1100; wait++)
            {
                bench.Simulator.RunFor(VirtualDuration.FromMilliseconds(1));
            }

            waits.Add(wait);
        }

        // Jiffies of 4 ms: 1, 2, 4, ... up to HZ, since the second one in a row.
        Assert.Equal([0, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000, 1000], waits);
        bench.Front.Tell(events, new LateEoi(port, false));
        bench.Front.Tell(events, new RingEvent(port));
        var fired = bench.Front.All<EventFired>().Count;
        bench.Front.Tell(events, new LateEoi(port, true));
        bench.Front.Tell(events, new RingEvent(port));
        Assert.Equal(fired + 1, bench.Front.All<EventFired>().Count);
    }
}
