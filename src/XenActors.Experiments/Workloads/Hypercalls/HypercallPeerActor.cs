using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.Experiments.Workloads.Hypercalls;

/// <summary>Time to end a mapping.</summary>
[Codec]
public readonly partial record struct PeerUnmapDue(uint Handle, ActorRef Table);

[Codec]
public sealed partial class HypercallPeerState
{
    /// <summary>Longer than the guest's kernel waits before it looks again at what it could not take back.</summary>
    public VirtualDuration Holds { get; init; } = VirtualDuration.FromMilliseconds(300);

    /// <summary>Pages that it was offered, by the number of the question.</summary>
    public SortedDictionary<long, PageOffered> Asked { get; init; } = [];

    public long Maps { get; set; }

    /// <summary>Of these, how often it saw the guest's port.</summary>
    public long Looks { get; set; }

    public required ushort Domain { get; init; }

    /// <summary>dom0's.</summary>
    public required ActorRef EventChannels { get; init; }
}

/// <summary>A program in dom0 that maps each page which it is offered, keeps it for a while, and unmaps it.</summary>
public sealed class HypercallPeerActor : Actor<HypercallPeerState>
{
    public void On(in PageOffered m)
    {
        var number = ++State.Maps;
        State.Asked.Add(number, m);
        Context.Tell(m.Table, new MapGrants([m.Ref], number % 2 == 0, number));

        // A privileged domain may look at another one's ports.
        var status = new byte[EvtchnStatus.SizeOf];
        new EvtchnStatus(new DomId(State.Domain), new EvtchnPort(1), default, default, default, 0).WriteTo(status);
        Context.Tell(State.EventChannels, new EventChannelOp((uint)EvtchnOp.Status, status, null, number));
    }

    public void On(in MapGrantsResult m)
    {
        if (State.Asked.Remove(m.Cookie, out var offer) && m.Statuses[0] == GnttabStatus.Okay)
        {
            Context.StartTimer(new PeerUnmapDue(m.Handles[0], offer.Table), Context.Random.NextExponential(State.Holds));
        }
    }

    public void On(in EventChannelOpResult m) => State.Looks += m.Result == 0 ? 1 : 0;

    public void On(in PeerUnmapDue m) => Context.Tell(m.Table, new UnmapGrants([m.Handle], null, 0));

    public void On(in UnmapGrantsResult m)
    {
    }
}
