using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using Core = XenActors.Hypervisor.EventChannels.EventChannels;

namespace XenActors.Tests.Hypervisor;

/// <summary>Each operation's errors, as Xen gives them.</summary>
public sealed class PortOperationTests
{
    private readonly Core xen = new();

    public PortOperationTests() => xen.Configure(2, Core.PortMaxDefault, 64);

    private uint Alloc(ushort remote = 0)
    {
        Assert.Equal(XenErrno.None, xen.AllocUnbound(remote, out var port));
        return port;
    }

    [Fact]
    public void The_lowest_free_port_is_given_out()
    {
        Assert.Equal([1u, 2u, 3u], [Alloc(), Alloc(), Alloc()]);
        Assert.Equal(XenErrno.None, xen.Close(2, out _));
        Assert.Equal([2u, 4u], [Alloc(), Alloc()]);
    }

    [Theory]
    [InlineData(10u, 64, false, 10)]
    [InlineData(1023u, 64, false, 1023)]
    [InlineData(100_000u, 64, false, 4095)]
    [InlineData(100_000u, 32, false, 1023)]
    [InlineData(131_071u, 64, true, 131_071)]
    public void Ports_end_at_xls_limit_or_the_layouts(uint limit, int wordBits, bool fifo, int ports)
    {
        xen.Configure(1, limit, wordBits);
        if (fifo)
        {
            Assert.Equal(XenErrno.None, xen.InitControl(new byte[Gfn.PageSize], 0, 0));
        }

        var taken = 0;
        while (xen.AllocUnbound(0, out _) == XenErrno.None)
        {
            taken++;
        }

        Assert.Equal(ports, taken);
        Assert.Equal(XenErrno.ENOSPC, xen.AllocUnbound(0, out _));
        Assert.Equal(XenErrno.ENOSPC, xen.Reserve(out _));
        Assert.Equal(XenErrno.ENOSPC, xen.BindIpi(0, out _));
        Assert.Equal(XenErrno.ENOSPC, xen.BindVirq(0, 0, false, out _));
        Assert.Equal(XenErrno.ENOSPC, xen.BindPirq(16, true, out _));
    }

    [Theory]
    [InlineData(0u, 0u, false, XenErrno.None)]
    [InlineData(0u, 1u, false, XenErrno.None)]
    [InlineData(0u, 2u, false, XenErrno.ENOENT)]
    [InlineData(1u, 1u, false, XenErrno.None)]
    [InlineData(11u, 0u, false, XenErrno.None)]
    [InlineData(11u, 1u, false, XenErrno.EINVAL)]
    [InlineData(3u, 0u, true, XenErrno.None)]
    [InlineData(3u, 0u, false, XenErrno.EBUSY)]
    [InlineData(3u, 1u, true, XenErrno.EINVAL)]
    [InlineData(23u, 0u, true, XenErrno.None)]
    [InlineData(24u, 0u, true, XenErrno.EINVAL)]
    [InlineData(uint.MaxValue, 0u, true, XenErrno.EINVAL)]
    public void Bind_virq(uint virq, uint vcpu, bool hardwareDomain, XenErrno expected)
    {
        Assert.Equal(expected, xen.BindVirq(virq, vcpu, hardwareDomain, out var port));
        if (expected != XenErrno.None)
        {
            return;
        }

        Assert.Equal(XenErrno.EEXIST, xen.BindVirq(virq, vcpu, hardwareDomain, out _));
        Assert.Equal((EvtchnState.Virq, virq, (int)vcpu), (xen.Port(port).State, xen.Port(port).Number, xen.Port(port).Vcpu));
        Assert.Equal(XenErrno.None, xen.Close(port, out _));
        Assert.Equal(XenErrno.None, xen.BindVirq(virq, vcpu, hardwareDomain, out _));
    }

    [Theory]
    [InlineData(16u, true, XenErrno.None)]
    [InlineData(255u, true, XenErrno.None)]
    [InlineData(256u, true, XenErrno.EINVAL)]
    [InlineData(16u, false, XenErrno.EPERM)]
    public void Bind_pirq(uint pirq, bool permitted, XenErrno expected)
    {
        Assert.Equal(expected, xen.BindPirq(pirq, permitted, out var port));
        if (expected == XenErrno.None)
        {
            Assert.Equal(XenErrno.EEXIST, xen.BindPirq(pirq, permitted, out _));
            Assert.Equal(XenErrno.None, xen.Close(port, out _));
            Assert.Equal(XenErrno.None, xen.BindPirq(pirq, permitted, out _));
        }
    }

    [Fact]
    public void Bind_ipi_needs_a_vcpu()
    {
        Assert.Equal(XenErrno.None, xen.BindIpi(1, out _));
        Assert.Equal(XenErrno.ENOENT, xen.BindIpi(2, out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(63u)]
    [InlineData(64u)]
    [InlineData(uint.MaxValue)]
    public void Closing_what_is_not_open_is_EINVAL(uint port)
    {
        Alloc();
        Assert.Equal(XenErrno.EINVAL, xen.Close(port, out _));
    }

    [Fact]
    public void A_closed_port_is_not_pending_when_it_is_bound_again()
    {
        var port = Alloc();
        xen.SetPending(port);
        xen.Close(port, out _);
        Assert.False(xen.IsPending(Alloc()));
    }

    [Fact]
    public void Sending_goes_where_the_port_leads()
    {
        xen.BindIpi(0, out var ipi);
        xen.BindVirq(0, 0, false, out var virq);
        xen.BindPirq(16, true, out var pirq);
        var unbound = Alloc(7);
        xen.Reserve(out var bound);
        xen.Bind(bound, 7, 70, 9);
        Assert.Equal((XenErrno.None, EventRoute.Local), (xen.Send(ipi, out var route), route));
        Assert.Equal((XenErrno.None, EventRoute.Dropped), (xen.Send(unbound, out route), route));
        Assert.Equal((XenErrno.None, EventRoute.Peer), (xen.Send(bound, out route), route));
        Assert.Equal(XenErrno.EINVAL, xen.Send(virq, out _));
        Assert.Equal(XenErrno.EINVAL, xen.Send(pirq, out _));
        Assert.Equal(XenErrno.EINVAL, xen.Send(50, out _));
        Assert.Equal(XenErrno.EINVAL, xen.Send(0, out _));
        Assert.Equal(XenErrno.EINVAL, xen.Send(64, out _));
    }

    [Fact]
    public void Accepting_needs_an_unbound_port_that_is_meant_for_the_caller()
    {
        var port = Alloc(7);
        Assert.Equal(XenErrno.EINVAL, xen.Accept(port, 8, 80, 1));
        Assert.Equal(XenErrno.EINVAL, xen.Accept(99, 7, 70, 1));
        Assert.Equal(XenErrno.EINVAL, xen.Accept(0, 7, 70, 1));
        Assert.Equal(XenErrno.None, xen.Accept(port, 7, 70, 1));
        Assert.Equal(XenErrno.EINVAL, xen.Accept(port, 7, 70, 2));
        Assert.True(xen.IsBoundTo(port, 70, 1));
        Assert.False(xen.IsBoundTo(port, 71, 1));
        Assert.False(xen.IsBoundTo(port, 70, 2));
        xen.PeerClosed(port);
        Assert.Equal(XenErrno.None, xen.Accept(port, 7, 70, 3));
    }

    [Fact]
    public void Status_tells_of_every_port_in_a_bucket_that_is_there()
    {
        var port = Alloc(5);
        Assert.Equal((XenErrno.None, EvtchnState.Unbound), (xen.Status(port, out var status), status.State));
        Assert.Equal((XenErrno.None, EvtchnState.Closed), (xen.Status(63, out status), status.State));
        Assert.Equal(XenErrno.EINVAL, xen.Status(64, out _));
    }

    [Fact]
    public void Bind_vcpu_moves_what_can_be_moved()
    {
        var unbound = Alloc();
        xen.BindVirq((uint)Virq.Argo, 0, false, out var domainVirq);
        xen.BindVirq((uint)Virq.Timer, 0, false, out var timer);
        xen.BindIpi(0, out var ipi);
        xen.BindPirq(16, true, out var pirq);
        Assert.Equal(XenErrno.None, xen.BindVcpu(unbound, 1));
        Assert.Equal(XenErrno.None, xen.BindVcpu(domainVirq, 1));
        Assert.Equal(XenErrno.None, xen.BindVcpu(pirq, 1));
        Assert.Equal(XenErrno.EINVAL, xen.BindVcpu(timer, 1));
        Assert.Equal(XenErrno.EINVAL, xen.BindVcpu(ipi, 1));
        Assert.Equal(XenErrno.EINVAL, xen.BindVcpu(40, 1));
        Assert.Equal(XenErrno.EINVAL, xen.BindVcpu(400, 1));
        Assert.Equal(XenErrno.ENOENT, xen.BindVcpu(unbound, 2));
        Assert.Equal(XenErrno.None, xen.Close(unbound, out _));
        Assert.Equal(0, xen.Port(Alloc()).Vcpu);
    }

    [Theory]
    [InlineData(0u, 0u, true, XenErrno.None)]
    [InlineData(4024u, 0u, true, XenErrno.None)]
    [InlineData(4032u, 0u, true, XenErrno.EINVAL)]
    [InlineData(4u, 0u, true, XenErrno.EINVAL)]
    [InlineData(uint.MaxValue, 0u, true, XenErrno.EINVAL)]
    [InlineData(0u, 2u, true, XenErrno.ENOENT)]
    [InlineData(0u, 0u, false, XenErrno.EINVAL)]
    public void Init_control(uint offset, uint vcpu, bool page, XenErrno expected)
    {
        Assert.Equal(expected, xen.InitControl(page ? new byte[Gfn.PageSize] : null, offset, vcpu));
        Assert.Equal(expected == XenErrno.None, xen.Fifo is not null);
        if (expected == XenErrno.None)
        {
            Assert.Equal(XenErrno.EINVAL, xen.InitControl(new byte[Gfn.PageSize], 0, vcpu));
        }
    }

    [Fact]
    public void Expand_array_needs_the_FIFO_layout_and_ends_at_its_ports()
    {
        Assert.Equal(XenErrno.EOPNOTSUPP, xen.ExpandArray(new byte[Gfn.PageSize], []));
        xen.InitControl(new byte[Gfn.PageSize], 0, 0);
        Assert.Equal(XenErrno.EINVAL, xen.ExpandArray(null, []));
        for (var i = 0; i < 128; i++)
        {
            Assert.Equal(XenErrno.None, xen.ExpandArray(GuestEvents.MaskedPage(), []));
        }

        Assert.Equal(XenErrno.ENOSPC, xen.ExpandArray(GuestEvents.MaskedPage(), []));
        Assert.Equal(131_072u, xen.Fifo!.Words);
    }

    [Fact]
    public void Set_priority_needs_the_FIFO_layout_a_bound_port_and_at_most_15()
    {
        var port = Alloc();
        Assert.Equal(XenErrno.EINVAL, xen.SetPriority(500, 0));
        Assert.Equal(XenErrno.ENOSYS, xen.SetPriority(port, 0));
        xen.InitControl(new byte[Gfn.PageSize], 0, 0);
        Assert.Equal(XenErrno.None, xen.SetPriority(port, 15));
        Assert.Equal(XenErrno.EINVAL, xen.SetPriority(port, 16));
        Assert.Equal(XenErrno.EACCES, xen.SetPriority(50, 0));
    }

    [Fact]
    public void Unmasking_an_unknown_port_is_EINVAL_and_a_closed_one_is_nothing()
    {
        Alloc();
        Assert.Equal(XenErrno.EINVAL, xen.Unmask(64, out _));
        Assert.Equal((XenErrno.None, Core.NoVcpu), (xen.Unmask(5, out var vcpu), vcpu));
        Assert.True(xen.IsMasked(5));
    }
}
