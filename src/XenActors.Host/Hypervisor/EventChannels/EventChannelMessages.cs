using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>EVTCHNOP_alloc_unbound, for the sender, who will get <see cref="EventFired"/> for the port.</summary>
[Codec]
public readonly partial record struct AllocUnbound(ushort Remote, long Cookie);

[Codec]
public readonly partial record struct EvtchnAllocated(long Cookie, XenErrno Error, uint Port);

/// <summary>EVTCHNOP_bind_interdomain, for the sender. A port that is bound is pending at once.</summary>
[Codec]
public readonly partial record struct BindInterdomain(ushort Remote, uint RemotePort, long Cookie);

[Codec]
public readonly partial record struct EvtchnBound(long Cookie, XenErrno Error, uint Port);

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

/// <summary>Between two domains' event channels: a domain wants to bind to an unbound port here.</summary>
[Codec]
public readonly partial record struct BindPeer(uint Port, ushort Domain, uint DomainPort);

[Codec]
public readonly partial record struct PeerBound(uint Port, XenErrno Error);

/// <summary>Between two domains' event channels: an event for this port.</summary>
[Codec]
public readonly partial record struct PeerEvent(uint Port);

/// <summary>Between two domains' event channels: the other end was closed; this port is unbound again.</summary>
[Codec]
public readonly partial record struct PeerClosed(uint Port);
