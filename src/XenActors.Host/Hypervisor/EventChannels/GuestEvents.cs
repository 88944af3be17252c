using System.Numerics;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>Takes the ports that an upcall's dispatch finds, one by one. A struct, so that dispatching allocates nothing.</summary>
public interface IPortHandler
{
    void Handle(uint port);
}

/// <summary>What one of the guest's vCPUs remembers between upcalls.</summary>
[Codec]
public sealed partial class GuestVcpu
{
    /// <summary>Two levels: the scan goes on behind the port that it served last, so that no port starves.</summary>
    public int NextWord { get; set; }

    public int NextBit { get; set; }

    /// <summary>FIFO: each queue's head, once it was taken from the control block; 0 when the queue was emptied.</summary>
    public uint[] Heads { get; private set; } = new uint[EvtchnFifo.MaxQueues];

    /// <summary>This vCPU's VIRQ_TIMER, which two levels serve first; 0 is none.</summary>
    public uint TimerPort { get; set; }
}

/// <summary>
/// The guest kernel's end of its event channels: who handles a port, and in which order pending ports are dispatched. It works on the same
/// bytes as Xen. Sources: Linux, <c>drivers/xen/events/events_base.c</c>, <c>events_2l.c</c>, <c>events_fifo.c</c>.
/// </summary>
[Codec]
public sealed partial class GuestEvents
{
    /// <summary>CONFIG_HZ=250 of the distributions' kernels.</summary>
    private const int Hz = 250;

    // A device may be spurious so often before it is slowed down.
    private const int SpuriousThreshold = 1;

    private GuestIrq[] Irqs { get; set; } = [];

    private List<GuestVcpu> Vcpus { get; set; } = [];

    public GuestIrq Irq(uint port) => port < (uint)Irqs.Length ? Irqs[port] : default;

    public ActorRef Owner(uint port) => port < (uint)Irqs.Length ? Irqs[port].Owner : ActorRef.None;

    /// <summary>The driver that asks for a port: its handler from <see cref="Startup"/> on.</summary>
    public void Register(uint port, ActorRef owner, long cookie, bool lateEoi, bool raw = false)
    {
        if (port >= (uint)Irqs.Length)
        {
            var irqs = Irqs;
            Array.Resize(ref irqs, Math.Max((int)port + 1, Irqs.Length * 2));
            Irqs = irqs;
        }

        Irqs[port] = new GuestIrq { Owner = owner, Cookie = cookie, LateEoi = lateEoi, Raw = raw };
    }

    /// <summary>The handler is there: the port gets its event word, if the layout has such, and is unmasked. The vCPUs to interrupt.</summary>
    public void Startup(EventChannels xen, uint port, List<int> vcpus)
    {
        while (xen.Fifo is { } fifo && port >= fifo.Words)
        {
            if (xen.ExpandArray(MaskedPage(), vcpus) != XenErrno.None)
            {
                return;
            }
        }

        if (xen.Port(port) is { State: EvtchnState.Virq, Number: (uint)Virq.Timer } timer)
        {
            Vcpu(timer.Vcpu).TimerPort = port;
            xen.SetPriority(port, EvtchnFifo.PriorityMax);
        }

        if (xen.UnmaskKnown(port) is not EventChannels.NoVcpu and var vcpu)
        {
            vcpus.Add(vcpu);
        }
    }

    /// <summary>The handler goes: no event of this port reaches the guest any more.</summary>
    public void Shutdown(EventChannels xen, uint port)
    {
        xen.Mask(port);
        if (port < (uint)Irqs.Length)
        {
            Irqs[port] = default;
        }

        foreach (var vcpu in Vcpus)
        {
            vcpu.TimerPort = vcpu.TimerPort == port ? 0 : vcpu.TimerPort;
        }
    }

    /// <summary>The queues' heads are void: the layout was left.</summary>
    public void Forget() => Vcpus.Clear();

    /// <summary>The upcall on a vCPU, until its upcall_pending stays clear.</summary>
    public void Upcall<THandler>(EventChannels xen, int vcpu, ref THandler handler)
        where THandler : struct, IPortHandler
    {
        do
        {
            xen.Shared.ClearUpcallPending(vcpu);
            if (xen.Fifo is { } fifo)
            {
                Queues(xen, fifo, vcpu, ref handler);
            }
            else
            {
                TwoLevels(xen, vcpu, ref handler);
            }
        }
        while (xen.Shared.UpcallPending(vcpu));
    }

    /// <summary>
    /// xen_irq_lateeoi: the driver is done. How long the port stays masked still: not at all, or, after spurious events, up to a second.
    /// False when nothing was to be ended.
    /// </summary>
    public bool LateEoi(uint port, bool spurious, out VirtualDuration delay)
    {
        delay = VirtualDuration.Zero;
        if (port >= (uint)Irqs.Length || !Irqs[port].EoiPending)
        {
            return false;
        }

        ref var irq = ref Irqs[port];
        if (!spurious)
        {
            irq.Spurious = 0;
            return true;
        }

        if (1L << Math.Min((int)irq.Spurious, 62) < Hz << 2)
        {
            irq.Spurious++;
        }

        if (irq.Spurious > SpuriousThreshold)
        {
            var jiffies = Math.Min(1L << (irq.Spurious - 1 - SpuriousThreshold), Hz);
            delay = VirtualDuration.FromMilliseconds(1000 / Hz) * jiffies;
        }

        return true;
    }

    /// <summary>The delay is over. The vCPU to interrupt.</summary>
    public int EndEoi(EventChannels xen, uint port)
    {
        if (port >= (uint)Irqs.Length || !Irqs[port].EoiPending)
        {
            return EventChannels.NoVcpu;
        }

        Irqs[port].EoiPending = false;
        return xen.IsKnown(port) ? xen.UnmaskKnown(port) : EventChannels.NoVcpu;
    }

    /// <summary>A page of event words as the guest gives it to Xen: all masked.</summary>
    public static byte[] MaskedPage()
    {
        var page = new byte[Gfn.PageSize];
        for (var i = (EvtchnFifo.Masked / 8); i < page.Length; i += sizeof(uint))
        {
            page[i] = 1 << (EvtchnFifo.Masked % 8);
        }

        return page;
    }

    private GuestVcpu Vcpu(int vcpu)
    {
        while (Vcpus.Count <= vcpu)
        {
            Vcpus.Add(new GuestVcpu());
        }

        return Vcpus[vcpu];
    }

    // The words that have events, from the one that was served last; that one in two parts, behind the last port first.
    private void TwoLevels<THandler>(EventChannels xen, int vcpu, ref THandler handler)
        where THandler : struct, IPortHandler
    {
        var (shared, own) = (xen.Shared, Vcpu(vcpu));
        if (own.TimerPort != 0 && shared.IsPending(own.TimerPort) && !shared.IsMasked(own.TimerPort))
        {
            Dispatch(xen, own.TimerPort, ref handler);
        }

        var bits = shared.WordBits;
        var (first, firstBit) = (own.NextWord, own.NextBit);
        var selector = shared.TakeSelector(vcpu);
        for (int i = 0, word = first; selector != 0; i++, word = (word + 1) % bits)
        {
            var rest = selector & (ulong.MaxValue << word);
            if (rest == 0)
            {
                // Nothing further up: from the beginning. This still counts as a step.
                word = bits - 1;
                continue;
            }

            word = BitOperations.TrailingZeroCount(rest);
            Word(xen, vcpu, own, word, i == 0 && word == first ? firstBit : 0, ref handler);
            if (word != first || i != 0)
            {
                selector &= ~(1UL << word);
            }
        }
    }

    private void Word<THandler>(EventChannels xen, int vcpu, GuestVcpu own, int word, int from, ref THandler handler)
        where THandler : struct, IPortHandler
    {
        var (shared, bits) = (xen.Shared, xen.Shared.WordBits);
        var active = shared.PendingWord(word) & ~shared.MaskWord(word) & (ulong.MaxValue << from);
        while (active != 0)
        {
            var bit = BitOperations.TrailingZeroCount(active);
            active &= active - 1;
            var port = (uint)((word * bits) + bit);

            // What another vCPU serves is its own business.
            if (!xen.IsKnown(port) || xen.VcpuOf(port) != vcpu)
            {
                continue;
            }

            Dispatch(xen, port, ref handler);
            own.NextBit = (bit + 1) % bits;
            own.NextWord = own.NextBit != 0 ? word : (word + 1) % bits;
        }
    }

    // Always the first event of the queue with the highest priority.
    private void Queues<THandler>(EventChannels xen, FifoQueues fifo, int vcpu, ref THandler handler)
        where THandler : struct, IPortHandler
    {
        var heads = Vcpu(vcpu).Heads;
        var ready = fifo.TakeReady(vcpu);
        while (ready != 0)
        {
            var queue = BitOperations.TrailingZeroCount(ready);
            if (queue >= EvtchnFifo.MaxQueues)
            {
                return;
            }

            var port = heads[queue] != 0 ? heads[queue] : fifo.Head(vcpu, queue);
            var word = fifo.Word(port);
            fifo.SetWord(port, word & ~(FifoQueues.LinkedBit | EvtchnFifo.LinkMask));
            heads[queue] = word & EvtchnFifo.LinkMask;
            if (heads[queue] == 0)
            {
                ready &= ~(1u << queue);
            }

            if ((word & (FifoQueues.PendingBit | FifoQueues.MaskedBit)) == FifoQueues.PendingBit)
            {
                Dispatch(xen, port, ref handler);
            }

            ready |= fifo.TakeReady(vcpu);
        }
    }

    // handle_irq_for_port, then the chip's ack: what arrives from here on is another event.
    private void Dispatch<THandler>(EventChannels xen, uint port, ref THandler handler)
        where THandler : struct, IPortHandler
    {
        if (port >= (uint)Irqs.Length || Irqs[port].Owner.IsNone)
        {
            return;
        }

        if (Irqs[port].LateEoi)
        {
            Irqs[port].EoiPending = true;
            xen.Mask(port);
        }

        xen.ClearPending(port);
        handler.Handle(port);
    }
}
