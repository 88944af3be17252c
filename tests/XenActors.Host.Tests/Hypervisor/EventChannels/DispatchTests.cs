using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using Core = XenActors.Hypervisor.EventChannels.EventChannels;

namespace XenActors.Tests.Hypervisor;

/// <summary>The bits in the shared pages, and the order in which a guest's kernel serves them.</summary>
public sealed class DispatchTests
{
    [Theory]
    [InlineData(64, 2560)]
    [InlineData(32, 2176)]
    public void Two_levels_lie_in_the_shared_page_as_the_guest_has_them(int bits, int maskOffset)
    {
        var ports = new Ports(fifo: false, wordBits: bits);
        uint port = 0;
        while (port < 100)
        {
            port = ports.Unbound();
        }

        var page = ports.Xen.Shared.Info;
        ports.Raise(100);
        Assert.Equal(1 << 4, page[2048 + 12]);
        Assert.Equal(0, page[maskOffset + 12] & (1 << 4));
        Assert.Equal(1, page[0]);
        var selector = bits == 64 ? BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(4));
        Assert.Equal(1UL << (100 / bits), selector);
        Assert.Equal([100u], ports.Take());
        Assert.Equal((0, 0), (page[2048 + 12], page[0]));
        Assert.All(page[4..16], b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_masked_port_stays_pending_and_fires_when_it_is_unmasked()
    {
        foreach (var fifo in (bool[])[false, true])
        {
            var ports = new Ports(fifo);
            var port = ports.Unbound();
            ports.Xen.Mask(port);
            ports.Raise(port);
            ports.Raise(port);
            Assert.Empty(ports.Interrupted);
            Assert.True(ports.Xen.IsPending(port));
            ports.Xen.Unmask(port, out var vcpu);
            ports.Note(vcpu);
            Assert.Equal([port], ports.Take());
            Assert.False(ports.Xen.IsPending(port));
        }
    }

    [Fact]
    public void Two_levels_go_on_behind_the_port_that_was_served_last()
    {
        var ports = new Ports(fifo: false);
        for (var i = 0; i < 200; i++)
        {
            ports.Unbound();
        }

        uint[] busy = [1, 2, 63, 64, 65, 130];
        ports.Raise(63);
        Assert.Equal([63u], ports.Take());
        Array.ForEach(busy, ports.Raise);
        Assert.Equal([64u, 65u, 130u, 1u, 2u, 63u], ports.Take());

        // Within a word, too: first what lies behind, then the rest after all other words.
        ports.Raise(2);
        Assert.Equal([2u], ports.Take());
        Array.ForEach(busy, ports.Raise);
        Assert.Equal([63u, 64u, 65u, 130u, 1u, 2u], ports.Take());
    }

    [Fact]
    public void Two_levels_serve_the_timer_first()
    {
        var ports = new Ports(fifo: false);
        ports.Unbound();
        ports.Xen.BindVirq((uint)Virq.Timer, 0, false, out var timer);
        ports.Start(timer);
        ports.Raise(1);
        ports.Note(ports.Xen.RaiseVirq((uint)Virq.Timer, 0));
        Assert.Equal([timer, 1u], ports.Take());
    }

    [Fact]
    public void Queues_are_served_by_priority_and_each_in_its_order()
    {
        var ports = new Ports(fifo: true);
        for (var i = 0; i < 9; i++)
        {
            ports.Unbound();
        }

        ports.Xen.SetPriority(3, 0);
        ports.Xen.SetPriority(8, 15);
        foreach (var port in (uint[])[8, 5, 2, 9, 3])
        {
            ports.Raise(port);
        }

        var control = ports.Xen.Fifo!.Vcpus[0].Page.AsSpan(64);
        Assert.Equal((1u << 15) | (1u << 7) | 1u, BinaryPrimitives.ReadUInt32LittleEndian(control));
        Assert.Equal(5u, BinaryPrimitives.ReadUInt32LittleEndian(control[(8 + (7 * 4))..]));
        Assert.Equal(FifoQueues.PendingBit | FifoQueues.LinkedBit | 2u, ports.Xen.Fifo.Word(5));
        Assert.Equal([3u, 5u, 2u, 9u, 8u], ports.Take());
        Assert.Equal(0u, ports.Xen.Fifo.Word(5));
    }

    [Fact]
    public void An_event_that_came_before_its_word_is_raised_with_it()
    {
        var ports = new Ports(fifo: true);
        ports.Xen.AllocUnbound(0, out var port);
        ports.Raise(port);
        Assert.Empty(ports.Interrupted);
        ports.Start(port);
        Assert.Equal([port], ports.Take());
    }

    [Fact]
    public void What_is_pending_in_two_levels_outlives_the_change_of_layout()
    {
        var ports = new Ports(fifo: false);
        ports.Xen.AllocUnbound(0, out var port);
        ports.Raise(port);
        ports.Xen.InitControl(new byte[Gfn.PageSize], 0, 0);
        ports.Start(port);
        Assert.Equal([port], ports.Take());
    }

    [Fact]
    public void A_new_priority_counts_from_the_next_linking_on()
    {
        var ports = new Ports(fifo: true);
        var (low, high) = (ports.Unbound(), ports.Unbound());
        ports.Raise(low);
        ports.Raise(high);
        ports.Xen.SetPriority(high, 0);
        Assert.Equal([low, high], ports.Take());
        ports.Raise(low);
        ports.Raise(high);
        Assert.Equal([high, low], ports.Take());
    }

    [Fact]
    public void A_port_that_is_still_linked_is_not_given_out_again()
    {
        var ports = new Ports(fifo: true);
        var port = ports.Unbound();
        ports.Raise(port);
        ports.Xen.Close(port, out _);
        Assert.Equal(port + 1, ports.Unbound());
        Assert.Empty(ports.Take());
        Assert.Equal(port, ports.Unbound());
    }

    [Fact]
    public void A_port_on_another_vcpu_interrupts_that_one()
    {
        foreach (var fifo in (bool[])[false, true])
        {
            var ports = new Ports(fifo, vcpus: 40);
            var port = ports.Unbound();
            ports.Xen.BindVcpu(port, 39);
            ports.Raise(port);
            Assert.Equal([39], ports.Interrupted);
            Assert.Equal([port], ports.Take(39));
        }
    }

    [Theory]
    [InlineData(0UL, CallbackVia.None, false, false)]
    [InlineData(24UL, CallbackVia.None, false, false)]
    [InlineData(23UL, CallbackVia.Gsi, true, false)]
    [InlineData((1UL << 56) | (3UL << 11), CallbackVia.PciIntx, true, false)]
    [InlineData((2UL << 56) | 0xF3, CallbackVia.Vector, true, true)]
    [InlineData(3UL << 56, CallbackVia.None, false, false)]
    public void The_callback_decides_which_vcpus_are_told(ulong via, CallbackVia kind, bool first, bool second)
    {
        var ports = new Ports(fifo: false, vcpus: 2);
        ports.Xen.Delivery.Set(via, 24);
        Assert.Equal(kind, ports.Xen.Delivery.Via);
        var (a, b) = (ports.Unbound(), ports.Unbound());
        ports.Xen.BindVcpu(b, 1);
        ports.Raise(a);
        ports.Raise(b);
        Assert.Equal((first, second), (ports.Interrupted.Contains(0), ports.Interrupted.Contains(1)));
        Assert.True(ports.Xen.Shared.UpcallPending(0) && ports.Xen.Shared.UpcallPending(1));

        // Its own vector reaches a vCPU whatever the callback is.
        var other = new Ports(fifo: false, vcpus: 2);
        other.Xen.Delivery.Set(via, 24);
        other.Xen.Delivery.UpcallVectors[1] = 0xF3;
        other.Xen.BindVcpu(other.Unbound(), 1);
        other.Raise(1);
        Assert.Equal([1], other.Interrupted);
    }
}
