using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>One vCPU's queues: the guest's control block, and which port Xen linked last on each.</summary>
[Codec]
public sealed partial class FifoVcpu
{
    /// <summary>The guest's page with its control block; empty until EVTCHNOP_init_control names one.</summary>
    public byte[] Page { get; set; } = [];

    public int Offset { get; set; }

    /// <summary>By priority; 0 is none. Xen's own: a guest cannot write here.</summary>
    public uint[] Tails { get; private set; } = new uint[EvtchnFifo.MaxQueues];

    public bool Mapped => Page.Length > 0;

    public Span<byte> Control => Page.AsSpan(Offset, EvtchnFifoControlBlock.SizeOf);
}

/// <summary>
/// The FIFO layout of a domain's events: a word for each port, and queues of linked words by vCPU and priority. Guest and Xen share these
/// bytes, and Xen believes nothing in them but what it has put there itself. Sources: <c>public/event_channel.h</c>,
/// <c>xen/common/event_fifo.c</c>.
/// </summary>
[Codec]
public sealed partial class FifoQueues
{
    public const int WordsPerPage = Gfn.PageSize / sizeof(uint);

    /// <summary>EVTCHN_FIFO_MAX_EVENT_ARRAY_PAGES.</summary>
    public const int PagesMax = EvtchnFifo.NrChannels / WordsPerPage;

    public const uint PendingBit = 1u << EvtchnFifo.Pending;
    public const uint MaskedBit = 1u << EvtchnFifo.Masked;
    public const uint LinkedBit = 1u << EvtchnFifo.Linked;
    public const uint BusyBit = 1u << EvtchnFifo.Busy;

    /// <summary>The guest's pages of event words.</summary>
    public List<byte[]> Pages { get; private set; } = [];

    public List<FifoVcpu> Vcpus { get; private set; } = [];

    /// <summary>Ports that have a word.</summary>
    public uint Words => (uint)(Pages.Count * WordsPerPage);

    public static FifoQueues Of(int vcpus)
    {
        var fifo = new FifoQueues();
        for (var i = 0; i < vcpus; i++)
        {
            fifo.Vcpus.Add(new FifoVcpu());
        }

        return fifo;
    }

    public uint Word(uint port) => port < Words
        ? BinaryPrimitives.ReadUInt32LittleEndian(Pages[(int)(port / WordsPerPage)].AsSpan((int)(port % WordsPerPage) * sizeof(uint)))
        : MaskedBit;

    /// <summary>A write by either side; to a port without a word it is nothing.</summary>
    public void SetWord(uint port, uint value)
    {
        if (port < Words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Pages[(int)(port / WordsPerPage)].AsSpan((int)(port % WordsPerPage) * sizeof(uint)), value);
        }
    }

    public uint Head(int vcpu, int priority) => BinaryPrimitives.ReadUInt32LittleEndian(HeadOf(vcpu, priority));

    /// <summary>The guest's exchange of its ready word with zero.</summary>
    public uint TakeReady(int vcpu)
    {
        if (!Vcpus[vcpu].Mapped)
        {
            return 0;
        }

        var control = Vcpus[vcpu].Control;
        var ready = EvtchnFifoControlBlock.Ready(control);
        EvtchnFifoControlBlock.SetReady(control, 0);
        return ready;
    }

    /// <summary>evtchn_fifo_set_pending: true when a queue became ready and the vCPU's upcall_pending is to be set.</summary>
    internal bool Raise(uint port, ref EventPort channel)
    {
        if (port >= Words)
        {
            channel.Pending = true;
            return false;
        }

        var vcpu = Vcpus[channel.Vcpu];
        if (!vcpu.Mapped)
        {
            // "has no FIFO event channel control block": the event is lost.
            return false;
        }

        var word = Word(port) | PendingBit;
        if ((word & (MaskedBit | LinkedBit)) != 0)
        {
            SetWord(port, word);
            return false;
        }

        SetWord(port, word | LinkedBit);
        return Link(port, ref channel, vcpu);
    }

    /// <summary>evtchn_fifo_unmask: linked again when it is pending.</summary>
    internal bool Unmask(uint port, ref EventPort channel)
    {
        if (port >= Words)
        {
            return false;
        }

        var word = Word(port) & ~MaskedBit;
        SetWord(port, word);
        return (word & PendingBit) != 0 && Raise(port, ref channel);
    }

    private bool Link(uint port, ref EventPort channel, FifoVcpu vcpu)
    {
        // Where it was the last one, nothing may be linked behind it any more.
        ref var oldTail = ref Vcpus[channel.LastVcpu].Tails[channel.LastPriority];
        if (oldTail == port)
        {
            oldTail = 0;
        }

        (channel.LastVcpu, channel.LastPriority) = (channel.Vcpu, channel.Priority);
        ref var tail = ref vcpu.Tails[channel.Priority];
        var linked = tail != 0 && LinkBehind(tail, port);
        tail = port;
        if (linked)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(HeadOf(channel.Vcpu, channel.Priority), port);
        var control = vcpu.Control;
        var ready = EvtchnFifoControlBlock.Ready(control);
        EvtchnFifoControlBlock.SetReady(control, ready | (1u << channel.Priority));
        return (ready & (1u << channel.Priority)) == 0;
    }

    // Only while the guest has not taken the tail off its queue: then the queue is empty and this port its head.
    private bool LinkBehind(uint tail, uint port)
    {
        var word = Word(tail);
        if ((word & LinkedBit) == 0)
        {
            return false;
        }

        SetWord(tail, (word & ~(BusyBit | EvtchnFifo.LinkMask)) | port);
        return true;
    }

    private Span<byte> HeadOf(int vcpu, int priority) =>
        Vcpus[vcpu].Control.Slice(EvtchnFifoControlBlock.HeadOffset + (priority * EvtchnFifoControlBlock.HeadStride), sizeof(uint));
}
