using XenActors.Guest.Net;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;
using XenActors.SplitDrivers.Net.Bridge;

namespace XenActors.Experiments.Workloads.Net;

[Codec]
public sealed partial class NetReceiverState
{
    /// <summary>The network device's driver, or a domain's bridges.</summary>
    public required ActorRef Driver { get; init; }

    /// <summary>The bridge's name; empty in a guest.</summary>
    public string Bridge { get; init; } = "";

    public required MacAddress Mac { get; init; }

    /// <summary>Streams that go back to where they come from.</summary>
    public List<uint> Echoes { get; init; } = [];

    /// <summary>By the job's number.</summary>
    public SortedDictionary<uint, NetLedger> Streams { get; init; } = [];

    /// <summary>Frames that are not what was sent.</summary>
    public long Corrupt { get; set; }

    /// <summary>Frames for somebody else, which a bridge did not know better than to send here.</summary>
    public long Foreign { get; set; }

    /// <summary>Replies that the kernel did not take.</summary>
    public long RepliesDropped { get; set; }
}

/// <summary>A program that accounts for the frames which reach its address, and sends back those of streams that want it.</summary>
public sealed class NetReceiverActor : Actor<NetReceiverState>
{
    private bool OnBridge => State.Bridge.Length > 0;

    protected override void PreStart()
    {
        if (OnBridge)
        {
            Context.Tell(State.Driver, new OpenBridgeSocket(State.Bridge, EthernetHeader.Experimental));
        }
        else
        {
            Context.Tell(State.Driver, new OpenPacketSocket(EthernetHeader.Experimental));
        }
    }

    public void On(in FrameSent m) => State.RepliesDropped += m.Sent ? 0 : 1;

    public void On(in FrameReceived m)
    {
        var to = m.Frame.Destination;
        if (to != State.Mac && !to.IsGroup)
        {
            State.Foreign++;
            return;
        }

        if (NetStamp.Read(m.Frame.Bytes.Span) is not { } stamp)
        {
            State.Corrupt++;
            return;
        }

        if (stamp.Reply)
        {
            return;
        }

        if (!State.Streams.TryGetValue(stamp.Stream, out var ledger))
        {
            State.Streams.Add(stamp.Stream, ledger = new NetLedger());
        }

        ledger.Take(in stamp, Context.Now);
        if (State.Echoes.Contains(stamp.Stream))
        {
            var reply = new NetFrame((stamp with { Reply = true }).Frame(m.Frame.Source, State.Mac));
            if (OnBridge)
            {
                Context.Tell(State.Driver, new SendOnBridge(State.Bridge, reply));
            }
            else
            {
                Context.Tell(State.Driver, new SendFrame(reply, stamp.Sequence));
            }
        }
    }
}
