using XenActors.Simulation;

namespace XenActors.Xenstore.Outside;

[Codec]
public sealed partial class OutsideClientState
{
    public required int Client { get; init; }

    public required ActorRef Xenstored { get; init; }
}

/// <summary>A program outside, as xenstored sees it: passes on what it asks, and what it is told. When one has left, another may take its place.</summary>
public sealed class OutsideClientActor : Actor<OutsideClientState>
{
    public void On(in XsRequest m) => Context.Tell(State.Xenstored, in m);

    public void On(in OutsideGone m) => Context.Tell(State.Xenstored, new XsClose());

    public void On(in XsReply m) => Context.Port<IOutsideClients>().Reply(State.Client, in m);

    public void On(in XsWatchEvent m) => Context.Port<IOutsideClients>().WatchEvent(State.Client, in m);

    public void On(in XsClosed m) => Context.Port<IOutsideClients>().Closed(State.Client);
}
