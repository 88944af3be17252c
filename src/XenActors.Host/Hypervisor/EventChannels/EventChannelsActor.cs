using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

[Codec]
public sealed partial class EventChannelsState
{
    public required ushort Domain { get; set; }

    public required DomainPlaces Places { get; set; }

    public EventChannels Channels { get; set; } = new();
}

/// <summary>One domain's event channels; the two ends of a channel are ports of two such actors.</summary>
public sealed class EventChannelsActor : Actor<EventChannelsState>
{
    public void On(in AllocUnbound m)
    {
        var error = State.Channels.Allocate(EvtchnState.Unbound, m.Remote, Sender, m.Cookie, out var port);
        Context.Tell(Sender, new EvtchnAllocated(m.Cookie, error, port));
    }

    public void On(in BindInterdomain m)
    {
        if (!State.Places.Has(m.Remote))
        {
            Context.Tell(Sender, new EvtchnBound(m.Cookie, XenErrno.ESRCH, 0));
            return;
        }

        var error = State.Channels.Allocate(EvtchnState.Interdomain, m.Remote, Sender, m.Cookie, out var port);
        if (error != XenErrno.None)
        {
            Context.Tell(Sender, new EvtchnBound(m.Cookie, error, 0));
            return;
        }

        State.Channels.Ports[port].RemotePort = m.RemotePort;
        Context.Tell(State.Places.EventChannels(m.Remote), new BindPeer(m.RemotePort, State.Domain, port));
    }

    public void On(in BindPeer m) =>
        Context.Tell(Sender, new PeerBound(m.DomainPort, State.Channels.Bind(m.Port, m.Domain, m.DomainPort)));

    public void On(in PeerBound m)
    {
        if (!State.Channels.Ports.TryGetValue(m.Port, out var channel))
        {
            return;
        }

        var (owner, cookie) = (channel.Owner, channel.Cookie);
        if (m.Error != XenErrno.None)
        {
            State.Channels.Ports.Remove(m.Port);
            Context.Tell(owner, new EvtchnBound(cookie, m.Error, 0));
            return;
        }

        Context.Tell(owner, new EvtchnBound(cookie, XenErrno.None, m.Port));
        Raise(m.Port);
    }

    public void On(in SendEvent m)
    {
        // An unbound port swallows its events.
        if (State.Channels.Ports.TryGetValue(m.Port, out var channel) && channel.State == EvtchnState.Interdomain)
        {
            Context.Tell(State.Places.EventChannels(channel.Remote), new PeerEvent(channel.RemotePort));
        }
    }

    public void On(in PeerEvent m) => Raise(m.Port);

    public void On(in RingEvent m) => Raise(m.Port);

    public void On(in CloseEvent m)
    {
        if (State.Channels.Ports.Remove(m.Port, out var channel) && channel.State == EvtchnState.Interdomain)
        {
            Context.Tell(State.Places.EventChannels(channel.Remote), new PeerClosed(channel.RemotePort));
        }
    }

    public void On(in PeerClosed m)
    {
        if (State.Channels.Ports.TryGetValue(m.Port, out var channel))
        {
            channel.State = EvtchnState.Unbound;
            channel.RemotePort = 0;
        }
    }

    private void Raise(uint port)
    {
        if (State.Channels.SetPending(port, out var owner))
        {
            // The guest's dispatch clears the bit before it calls the handler.
            State.Channels.Ports[port].Pending = false;
            Context.Tell(owner, new EventFired(port));
        }
    }
}
