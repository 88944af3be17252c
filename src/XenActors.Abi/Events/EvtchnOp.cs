namespace XenActors.Abi;

/// <summary>Operations of HYPERVISOR_event_channel_op. Source: <c>public/event_channel.h</c>.</summary>
[XenConstants("EVTCHNOP_")]
public enum EvtchnOp : uint
{
    BindInterdomain = 0,
    BindVirq = 1,
    BindPirq = 2,
    Close = 3,
    Send = 4,
    Status = 5,
    AllocUnbound = 6,
    BindIpi = 7,
    BindVcpu = 8,
    Unmask = 9,
    Reset = 10,
    InitControl = 11,
    ExpandArray = 12,
    SetPriority = 13,
}
