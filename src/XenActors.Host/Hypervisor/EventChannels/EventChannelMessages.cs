using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>
/// EVTCHNOP_alloc_unbound, for the sender, who will get <see cref="EventFired"/> for the port.
/// </summary>
/// <param name="LateEoi">After each event the port stays masked until the sender's <see cref="LateEoi"/>.</param>
[Codec]
public readonly partial record struct AllocUnbound(ushort Remote, long Cookie, bool LateEoi = false);

[Codec]
public readonly partial record struct EvtchnAllocated(long Cookie, XenErrno Error, uint Port);

/// <summary>EVTCHNOP_bind_interdomain, for the sender. A port that is bound is pending at once.</summary>
/// <param name="LateEoi">After each event the port stays masked until the sender's <see cref="LateEoi"/>.</param>
[Codec]
public readonly partial record struct BindInterdomain(ushort Remote, uint RemotePort, long Cookie, bool LateEoi = false);

[Codec]
public readonly partial record struct EvtchnBound(long Cookie, XenErrno Error, uint Port);

/// <summary>EVTCHNOP_bind_virq, for the sender; the answer is <see cref="EvtchnBound"/>.</summary>
[Codec]
public readonly partial record struct BindVirq(Virq Virq, uint Vcpu, long Cookie);

/// <summary>EVTCHNOP_bind_pirq, for the sender; the answer is <see cref="EvtchnBound"/>.</summary>
[Codec]
public readonly partial record struct BindPirq(uint Pirq, long Cookie);

/// <summary>EVTCHNOP_bind_ipi, for the sender; the answer is <see cref="EvtchnBound"/>.</summary>
[Codec]
public readonly partial record struct BindIpi(uint Vcpu, long Cookie);

/// <summary>EVTCHNOP_send.</summary>
[Codec]
public readonly partial record struct SendEvent(uint Port);

/// <summary>EVTCHNOP_close.</summary>
[Codec]
public readonly partial record struct CloseEvent(uint Port);

/// <summary>
/// A consumer's side of a shared ring has found its threshold crossed: the producer's EVTCHNOP_send has reached this port.
/// </summary>
[Codec]
public readonly partial record struct RingEvent(uint Port);

/// <summary>The upcall's dispatch to a port's owner: it was pending and unmasked, and is not pending any more.</summary>
[Codec]
public readonly partial record struct EventFired(uint Port);

/// <summary>
/// xen_irq_lateeoi, from the owner of a port that was bound so: it has done what the event asked for, and the port is unmasked.
/// </summary>
/// <param name="Spurious">There was nothing to do. Again and again, this slows the port down.</param>
[Codec]
public readonly partial record struct LateEoi(uint Port, bool Spurious);

/// <summary>The guest masks a port of its own (a write to its mask bit), or unmasks it (EVTCHNOP_unmask).</summary>
[Codec]
public readonly partial record struct MaskEvent(uint Port, bool Masked);

/// <summary>EVTCHNOP_bind_vcpu: events of the port go to that vCPU.</summary>
[Codec]
public readonly partial record struct MoveEvent(uint Port, uint Vcpu);

/// <summary>From the hypervisor: a virtual interrupt for this domain. Only a per-vCPU one looks at the vCPU.</summary>
[Codec]
public readonly partial record struct RaiseVirq(Virq Virq, int Vcpu);

/// <summary>From the hypervisor: a physical interrupt that this domain handles.</summary>
[Codec]
public readonly partial record struct RaisePirq(uint Pirq);

/// <summary>From the domain's builder, before any port: what the domain is, and how many ports it may have.</summary>
[Codec]
public readonly partial record struct SetupEvents(bool Hvm, int Vcpus, uint PortMax, int WordBits);

/// <summary>HVM_PARAM_CALLBACK_IRQ was set.</summary>
[Codec]
public readonly partial record struct SetCallbackVia(ulong Via, int Gsis);

/// <summary>HVMOP_set_evtchn_upcall_vector.</summary>
[Codec]
public readonly partial record struct SetUpcallVector(int Vcpu, byte Vector);

/// <summary>
/// From the domain: its kernel's EVTCHNOP_init_control (for a vCPU, with a new page), bind_virq (virq, vCPU), bind_ipi (vCPU) or bind_pirq
/// (pirq). The kernel itself handles the port; the answer is the hypercall's.
/// </summary>
[Codec]
public readonly partial record struct KernelEventOp(ActorRef Asker, EvtchnOp Operation, ulong Arg0, ulong Arg1);

/// <summary>
/// From the domain: a device model has come, and Xen opens ports through which its vCPUs wait for it, and one for buffered requests. The
/// model hears of them by <see cref="IoreqPortsOpen"/>.
/// </summary>
[Codec]
public readonly partial record struct OpenIoreqPorts(ActorRef Model, int Count);

/// <summary>To the device model: the ports of its ioreq server, to be bound.</summary>
[Codec]
public sealed partial record IoreqPortsOpen(ushort Domain, List<uint> Ports);

/// <summary>
/// HYPERVISOR_event_channel_op, whole: the operation's number and its argument's bytes. <paramref name="Page"/> is what lies at the frame
/// that the argument names, null when the guest has no page there.
/// </summary>
[Codec]
public sealed partial record EventChannelOp(uint Operation, byte[] Argument, byte[]? Page, long Cookie);

/// <summary>0 or a negative errno, and the argument as the guest reads it afterwards.</summary>
[Codec]
public sealed partial record EventChannelOpResult(uint Operation, long Result, byte[] Argument, long Cookie);

/// <summary>Between two domains' event channels: a privileged domain's operation on this domain's ports; the answer goes to the asker.</summary>
[Codec]
public sealed partial record ForeignEventChannelOp(uint Operation, byte[] Argument, ActorRef Asker, long Cookie);

/// <summary>From the domain, which is being destroyed: every port closes, Xen's own too; peers' ends become unbound (evtchn_destroy).</summary>
[Codec]
public readonly partial record struct DestroyEvents;

/// <summary>From the domain: a device model has ended, and with it the server whose ports these were.</summary>
[Codec]
public readonly partial record struct CloseIoreqPorts;

/// <summary>Between two domains' event channels: a domain wants to bind to an unbound port here.</summary>
[Codec]
public readonly partial record struct BindPeer(uint Port, uint DomainPort);

[Codec]
public readonly partial record struct PeerBound(uint Port, uint RemotePort, XenErrno Error);

/// <summary>Between two domains' event channels: an event for this port.</summary>
[Codec]
public readonly partial record struct PeerEvent(uint Port, uint From);

/// <summary>Between two domains' event channels: the other end was closed; this port is unbound again.</summary>
[Codec]
public readonly partial record struct PeerClosed(uint Port, uint From);

/// <summary>To oneself: a port that was slowed down may be unmasked.</summary>
[Codec]
public readonly partial record struct EoiDue(uint Port);

/// <summary>Back to the end that published: it has made an EVTCHNOP_send for it. Where hypercalls take time, its vCPU has spent it.</summary>
[Codec]
public readonly partial record struct RingNotified;

/// <summary>From the domain: its vCPUs run no more, or run again (vcpu_pause, vcpu_unpause). What is pending waits for the latter.</summary>
[Codec]
public readonly partial record struct VcpusPaused(bool Paused);

/// <summary>SCHEDOP_poll, for the sender: it waits until one of these ports is pending, masked or not, or until a moment.</summary>
/// <param name="TimeoutNs">In system time, nanoseconds; 0 for never.</param>
[Codec]
public sealed partial record PollPorts(List<uint> Ports, ulong TimeoutNs, long Cookie);

/// <summary>0, also when the time is up; or a negative errno.</summary>
[Codec]
public readonly partial record struct PollPortsResult(long Cookie, long Result);

/// <summary>To oneself: a poll's time is up.</summary>
[Codec]
public readonly partial record struct PollDue(long Poller);
