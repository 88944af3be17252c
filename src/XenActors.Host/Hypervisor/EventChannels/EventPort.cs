using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>One port as Xen keeps it; what the guest sees of it lies in the shared pages. Source: <c>xen/sched.h</c>, struct evtchn.</summary>
[Codec]
public partial struct EventPort
{
    public EvtchnState State { get; set; }

    /// <summary>Not given out to another caller, and closed to everybody else: a binding whose other end is still being asked.</summary>
    public bool Reserved { get; set; }

    /// <summary>Xen itself consumes the events (an ioreq server's port): the guest may neither close nor send nor rebind.</summary>
    public bool XenConsumer { get; set; }

    /// <summary>Unbound: who may bind. Interdomain: who is bound.</summary>
    public ushort Remote { get; set; }

    /// <summary>Interdomain: the other end's logical process, from where its messages come.</summary>
    public int RemoteProcess { get; set; }

    /// <summary>Interdomain: the other end's port. Pirq and virq: its number.</summary>
    public uint Number { get; set; }

    /// <summary>notify_vcpu_id: whose vCPU is told.</summary>
    public int Vcpu { get; set; }

    /// <summary>FIFO: the queue on which it is linked next.</summary>
    public byte Priority { get; set; }

    /// <summary>FIFO: the queue on which it was linked last.</summary>
    public byte LastPriority { get; set; }

    public int LastVcpu { get; set; }

    /// <summary>FIFO: an event came before the page with its word did.</summary>
    public bool Pending { get; set; }

    public readonly bool Free => State == EvtchnState.Closed && !Reserved;
}
