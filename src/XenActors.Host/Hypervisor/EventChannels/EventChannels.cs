using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>
/// A domain's event channels as Xen keeps them: what each port is, and the bits that the guest sees of it. Operations return Xen's error;
/// those that can set an upcall_pending return the vCPU to interrupt, or <see cref="NoVcpu"/>. The operations are in
/// <c>EventChannels.Operations.cs</c>. Sources: <c>public/event_channel.h</c>, <c>xen/common/event_channel.c</c>.
/// </summary>
[Codec]
public sealed partial class EventChannels
{
    /// <summary>xl's <c>max_event_channels</c>, its default.</summary>
    public const uint PortMaxDefault = 1023;

    public const int NoVcpu = -1;

    /// <summary>EVTCHNS_PER_BUCKET: ports become known so many at a time; to ask about one beyond is EINVAL.</summary>
    private const int Bucket = 64;

    private EventPort[] Table { get; set; } = [];

    /// <summary>No free port lies below.</summary>
    private uint FirstFree { get; set; } = 1;

    /// <summary>d->max_evtchn_port.</summary>
    public uint PortMax { get; set; } = PortMaxDefault;

    public int Vcpus { get; private set; } = 1;

    public SharedPages Shared { get; private set; } = new();

    /// <summary>Null in the 2-level layout.</summary>
    public FifoQueues? Fifo { get; private set; }

    public EventDelivery Delivery { get; private set; } = new();

    /// <summary>Ports by virtual interrupt: per-vCPU ones at vcpu * 24 + virq, all others at their number; 0 is none.</summary>
    private uint[] VirqPorts { get; set; } = new uint[Virqs.Count];

    /// <summary>d->nr_pirqs.</summary>
    public int Pirqs { get; set; } = 256;

    private SortedDictionary<uint, uint> PirqPorts { get; set; } = [];

    /// <summary>Ports that the domain knows of: below this number every port has a state.</summary>
    public uint Known => (uint)Table.Length;

    /// <summary>Ports in use, with their numbers; a snapshot for tools and tests.</summary>
    public SortedDictionary<uint, EventPort> Ports
    {
        get
        {
            var ports = new SortedDictionary<uint, EventPort>();
            for (var port = 1u; port < Known; port++)
            {
                if (Table[port].State != EvtchnState.Closed)
                {
                    ports.Add(port, Table[port]);
                }
            }

            return ports;
        }
    }

    /// <summary>A new domain's channels; before any port is bound.</summary>
    public void Configure(int vcpus, uint portMax, int wordBits)
    {
        Vcpus = vcpus;
        PortMax = portMax;
        Shared.Clear(wordBits, vcpus);
        Delivery.UpcallVectors = new byte[vcpus];
        VirqPorts = new uint[vcpus * Virqs.Count];
    }

    public bool IsKnown(uint port) => port < Known;

    /// <summary>Whose vCPU a known port interrupts.</summary>
    public int VcpuOf(uint port) => Table[port].Vcpu;

    public bool IsPending(uint port) => Fifo is { } fifo ? (fifo.Word(port) & FifoQueues.PendingBit) != 0 : Shared.IsPending(port);

    public bool IsMasked(uint port) => Fifo is { } fifo ? (fifo.Word(port) & FifoQueues.MaskedBit) != 0 : Shared.IsMasked(port);

    /// <summary>An event for a bound port.</summary>
    public int SetPending(uint port)
    {
        ref var channel = ref Table[port];
        var raised = Fifo is { } fifo ? fifo.Raise(port, ref channel) : Shared.Raise(port, channel.Vcpu);
        return raised ? MarkEventsPending(channel.Vcpu) : NoVcpu;
    }

    /// <summary>EVTCHNOP_unmask of a port that is known.</summary>
    internal int UnmaskKnown(uint port)
    {
        ref var channel = ref Table[port];
        var raised = Fifo is { } fifo ? fifo.Unmask(port, ref channel) : Shared.Unmask(port, channel.Vcpu);
        return raised ? MarkEventsPending(channel.Vcpu) : NoVcpu;
    }

    /// <summary>The guest's own write: no port that is masked raises an upcall.</summary>
    public void Mask(uint port)
    {
        if (Fifo is { } fifo)
        {
            fifo.SetWord(port, fifo.Word(port) | FifoQueues.MaskedBit);
        }
        else
        {
            Shared.Mask(port);
        }
    }

    public void ClearPending(uint port)
    {
        if (Fifo is { } fifo)
        {
            fifo.SetWord(port, fifo.Word(port) & ~FifoQueues.PendingBit);
        }
        else
        {
            Shared.ClearPending(port);
        }
    }

    /// <summary>The state of a port that is known; a copy.</summary>
    public EventPort Port(uint port) => Table[port];

    /// <summary>True when the port is bound to this port of that process; what arrives from elsewhere is late or forged.</summary>
    public bool IsBoundTo(uint port, int process, uint remotePort)
    {
        if (port >= Known)
        {
            return false;
        }

        ref var channel = ref Table[port];
        return channel.State == EvtchnState.Interdomain && channel.RemoteProcess == process && channel.Number == remotePort;
    }

    /// <summary>True when events from another domain may still arrive here: bound, or bound until a moment ago.</summary>
    public bool IsOpen(uint port) => port < Known && Table[port].State is EvtchnState.Interdomain or EvtchnState.Unbound;

    // vcpu_mark_events_pending
    private int MarkEventsPending(int vcpu) => Shared.SetUpcallPending(vcpu) && Delivery.Reaches(vcpu) ? vcpu : NoVcpu;

    // get_free_port: the lowest that is free; one that is linked still cannot be used again.
    private XenErrno TakePort(out uint port)
    {
        var limit = Math.Min(PortMax, (Fifo is null ? Shared.Channels : EvtchnFifo.NrChannels) - 1);
        var lowest = 0u;
        for (port = FirstFree; port <= limit; port++)
        {
            if (port >= Known)
            {
                // Whole buckets; the first one begins with port 0, which nobody gets.
                var table = Table;
                Array.Resize(ref table, Table.Length + Bucket);
                Table = table;
            }

            ref var channel = ref Table[port];
            if (!channel.Free)
            {
                continue;
            }

            lowest = lowest == 0 ? port : lowest;
            if (Fifo is not { } fifo || (fifo.Word(port) & FifoQueues.LinkedBit) == 0)
            {
                FirstFree = lowest == port ? port + 1 : lowest;
                channel = new EventPort { Priority = EvtchnFifo.PriorityDefault, LastPriority = channel.LastPriority, LastVcpu = channel.LastVcpu };
                return XenErrno.None;
            }
        }

        port = 0;
        return XenErrno.ENOSPC;
    }

    // evtchn_free
    private void FreePort(uint port)
    {
        ref var channel = ref Table[port];
        ClearPending(port);
        channel = new EventPort { LastPriority = channel.LastPriority, LastVcpu = channel.LastVcpu };
        FirstFree = Math.Min(FirstFree, port);
    }
}
