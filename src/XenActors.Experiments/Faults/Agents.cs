using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Faults;

/// <summary>To an agent: its time is over.</summary>
[Codec]
public readonly partial record struct AgentEnds;

/// <summary>To an agent: again.</summary>
[Codec]
public readonly partial record struct AgentTick;

/// <summary>What an agent of a fault is to do.</summary>
[Codec]
public sealed partial class AgentState
{
    public string Fault { get; set; } = "";

    public string Kind { get; set; } = "";

    /// <summary>Whom it speaks to.</summary>
    public ActorRef To { get; set; }

    public uint Port { get; set; }

    /// <summary>Between two of its acts, or before its first.</summary>
    public VirtualDuration Every { get; set; }

    /// <summary>What it writes to the store, in this order.</summary>
    public List<StoreWriteOrder> Writes { get; init; } = [];

    /// <summary>Answers that were errors, in order.</summary>
    public List<XenErrno> Refused { get; init; } = [];

    public long Sent { get; set; }

    /// <summary>Its first acts.</summary>
    public List<FaultAct> Log { get; init; } = [];

    /// <summary>The fault is healed. The agent stays, for its count.</summary>
    public bool Ended { get; set; }

    /// <summary>Counts an act, keeps the first ones in words, and tells observers.</summary>
    public void Acted(ActorContext context, string what)
    {
        if (Sent++ < ActingRule.LogMax)
        {
            Log.Add(new(context.Now, what));
        }

        context.Note(new FaultActed(Fault, Kind, what));
    }
}

/// <summary>One request to xenstored, its payload as on the wire.</summary>
[Codec]
public sealed partial record StoreWriteOrder(XsWireType Type, byte[] Payload, string Words);

/// <summary>A kernel that raises one of its event channels for nothing, again and again: EVTCHNOP_send in a loop.</summary>
public sealed class StormAgent : Actor<AgentState>
{
    protected override void PreStart() => Context.StartTimer(new AgentTick(), State.Every);

    public void On(in AgentTick m)
    {
        if (State.Ended)
        {
            return;
        }

        Context.Tell(State.To, new SendEvent(State.Port));
        State.Acted(Context, $"event for port {State.Port}");
        Context.StartTimer(new AgentTick(), State.Every);
    }

    public void On(in AgentEnds m) => State.Ended = true;
}

/// <summary>A person or a program in dom0 that tells xenstored something.</summary>
public sealed class StoreAgent : Actor<AgentState>
{
    protected override void PreStart() => Context.StartTimer(new AgentTick(), State.Every);

    public void On(in AgentTick m)
    {
        foreach (var order in State.Writes)
        {
            Context.Tell(State.To, new XsRequest(order.Type, (uint)State.Sent + 1, 0, order.Payload));
            State.Acted(Context, order.Words);
        }

        State.Writes.Clear();
    }

    public void On(in XsReply m)
    {
        if (m.Type == XsWireType.Error)
        {
            State.Refused.Add(XsWireError.Parse(System.Text.Encoding.Latin1.GetString(m.Payload).TrimEnd('\0')));
        }
    }

    // What it has said stays said.
    public void On(in AgentEnds m)
    {
        State.Ended = true;
        State.Writes.Clear();
    }
}
