namespace XenActors.Abi;

/// <summary>What EVTCHNOP_status reports of a port. Source: <c>public/event_channel.h</c>.</summary>
[XenConstants("EVTCHNSTAT_")]
public enum EvtchnState : uint
{
    Closed = 0,
    Unbound = 1,
    Interdomain = 2,
    Pirq = 3,
    Virq = 4,
    Ipi = 5,
}
