using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Tests.SplitDrivers;

namespace XenActors.Tests.Machine;

/// <summary>What a domain's own hypercalls and the upcalls into it take, with round figures.</summary>
public sealed class HypercallCostTests
{
    private static readonly HostCosts Round = new()
    {
        Exit = Us(1000),
        Hypercall = Us(10),
        PvHypercall = Us(7),
        InterruptController = Us(100_000),
        Upcall = Us(10_000),
        Dispatch = Us(100),
    };

    private static VirtualDuration Us(long us) => VirtualDuration.FromMicroseconds(us);

    private static DeviceBench Bench(HostCosts costs, bool hvm = true)
    {
        var bench = new DeviceBench(costs: costs);
        bench.Operator.Tell(bench.Places.EventChannels(DeviceBench.Guest), new SetupEvents(hvm, 1, 4095, 64));
        return bench;
    }

    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 7)]
    public void Each_event_channel_operation_is_a_hypercall_of_the_kind_that_its_domain_has(bool hvm, int each)
    {
        var bench = Bench(Round, hvm);
        var channels = bench.Places.EventChannels(DeviceBench.Guest);
        var before = bench.Worked(DeviceBench.Guest);
        for (var i = 0; i < 5; i++)
        {
            bench.Front.Tell(channels, new AllocUnbound(0, i));
        }

        bench.Front.Tell(channels, new BindIpi(0, 9));
        bench.Front.Tell(channels, new BindVirq(Virq.Debug, 0, 9));
        bench.Front.Tell(channels, new BindPirq(20, 9));
        bench.Front.Tell(channels, new MoveEvent(1, 0));
        bench.Front.Tell(channels, new MaskEvent(1, Masked: true)); // A bit in the shared page: no hypercall.
        bench.Front.Tell(channels, new MaskEvent(1, Masked: false));
        bench.Front.Tell(channels, new CloseEvent(1));
        bench.Front.Tell(channels, new SendEvent(2));
        Assert.Equal(Us(12 * each), bench.Worked(DeviceBench.Guest) - before);
        Assert.Equal((11L, 1L), (bench.Events(DeviceBench.Guest).OtherCalls, bench.Events(DeviceBench.Guest).Sends));
    }

    [Fact]
    public void An_answer_leaves_when_the_hypercall_is_over()
    {
        var bench = Bench(Round with { Hypercall = VirtualDuration.FromMilliseconds(2) });
        bench.Front.Say(bench.Places.EventChannels(DeviceBench.Guest), new AllocUnbound(0, 0));
        bench.Simulator.RunFor(Us(1999));
        Assert.Empty(bench.Front.All<EvtchnAllocated>());
        bench.Simulator.RunFor(Us(2));
        Assert.Single(bench.Front.All<EvtchnAllocated>());
    }

    [Theory]
    [InlineData(2UL << 56 | 0xF3, 0)] // a vector that Xen injects
    [InlineData(1UL << 56 | 2 << 11, 3)] // a PCI device's INTx
    [InlineData(20UL, 3)] // a GSI
    public void An_upcall_takes_an_exit_the_kernels_way_in_and_what_its_line_must_be_told(ulong via, int acknowledgements)
    {
        const int events = 4;
        var bench = Bench(Round);
        var (guest, dom0) = (bench.Places.EventChannels(DeviceBench.Guest), bench.Places.EventChannels(0));
        bench.Operator.Tell(guest, new SetCallbackVia(via, 24));
        bench.Front.Tell(guest, new AllocUnbound(0, 0));
        bench.Operator.Tell(dom0, new BindInterdomain(DeviceBench.Guest, bench.Front.Last<EvtchnAllocated>().Port, 0));
        var port = bench.Operator.Last<EvtchnBound>().Port;
        bench.Run(1000);
        var (before, dom0Before, fired) = (bench.Worked(DeviceBench.Guest), bench.Worked(0), bench.Front.All<EventFired>().Count);
        var upcalls = bench.Events(DeviceBench.Guest).Upcalls;
        for (var i = 0; i < events; i++)
        {
            bench.Operator.Say(dom0, new SendEvent(port));
            bench.Run(1000);
        }

        Assert.Equal(events, bench.Front.All<EventFired>().Count - fired);
        Assert.Equal(Us(events * ((acknowledgements * 100_000) + 10_000 + 1000 + 100)), bench.Worked(DeviceBench.Guest) - before);
        Assert.Equal(Us(events * 7), bench.Worked(0) - dom0Before);
        Assert.Equal(events, bench.Events(DeviceBench.Guest).Upcalls - upcalls);
    }

    [Fact]
    public void One_upcall_serves_all_that_has_come_and_each_port_takes_its_dispatch()
    {
        var bench = Bench(Round);
        var guest = bench.Places.EventChannels(DeviceBench.Guest);
        var ports = new List<uint>();
        foreach (var virq in (Virq[])[Virq.Timer, Virq.Debug, Virq.Xenoprof])
        {
            bench.Front.Tell(guest, new BindVirq(virq, 0, 0));
            ports.Add(bench.Front.Last<EvtchnBound>().Port);
            bench.Front.Tell(guest, new RaiseVirq(virq, 0));
        }

        // Nothing can reach the guest before it has set a callback; then everything does at once.
        Assert.Empty(bench.Front.All<EventFired>());
        var before = bench.Worked(DeviceBench.Guest);
        bench.Operator.Tell(guest, new SetCallbackVia(2UL << 56 | 0xF3, 24));
        bench.Run(1000);
        Assert.Equal(ports, bench.Front.All<EventFired>().Select(f => f.Port));
        Assert.Equal(Us(10_000 + 1000 + (3 * 100)), bench.Worked(DeviceBench.Guest) - before);
    }

    [Fact]
    public void More_frames_of_grants_are_hypercalls_and_entries_are_not()
    {
        var bench = Bench(Round);
        var table = bench.Places.GrantTable(DeviceBench.Guest);
        var before = bench.Worked(DeviceBench.Guest);
        bench.Front.Tell(table, new HoldReferences(100, 0));
        bench.Front.Tell(table, new GrantPages(0, new byte[4 * Gfn.PageSize], false, false, 0));
        Assert.Equal(VirtualDuration.Zero, bench.Worked(DeviceBench.Guest) - before);

        // 512 entries of version 1 in a frame
        bench.Front.Tell(table, new HoldReferences(1000, 1));
        Assert.Equal(Us(2 * 10), bench.Worked(DeviceBench.Guest) - before);
        Assert.Equal(2, bench.GrantCounts.OwnCalls);
    }
}
