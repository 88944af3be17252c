namespace XenActors.Abi;

/// <summary>The FIFO event word and its limits. Source: <c>public/event_channel.h</c>.</summary>
[XenConstants("EVTCHN_FIFO_")]
public static class EvtchnFifo
{
    /// <summary>Bit numbers of an event word.</summary>
    public const int Pending = 31;
    public const int Masked = 30;
    public const int Linked = 29;
    public const int Busy = 28;

    public const int LinkBits = 17;
    public const uint LinkMask = (1u << LinkBits) - 1;
    public const int NrChannels = 1 << LinkBits;
    public const int MaxQueues = 16;
    public const int PriorityMax = 0;
    public const int PriorityDefault = 7;
    public const int PriorityMin = 15;
}
