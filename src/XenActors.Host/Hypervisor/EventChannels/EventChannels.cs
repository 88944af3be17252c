using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

[Codec]
public sealed partial class EventChannel
{
    public EvtchnState State { get; set; }

    /// <summary>Who may bind, or who is bound.</summary>
    public ushort Remote { get; set; }

    public uint RemotePort { get; set; }

    public bool Pending { get; set; }

    public ActorRef Owner { get; set; }

    public long Cookie { get; set; }
}

/// <summary>
/// A domain's event channels: which port is what. Port 0 is never given out; a new port is the lowest free one.
/// Source: <c>public/event_channel.h</c>.
/// </summary>
[Codec]
public sealed partial class EventChannels
{
    /// <summary>xl's <c>event_channels</c>, its default.</summary>
    public const uint PortMax = 1023;

    public SortedDictionary<uint, EventChannel> Ports { get; set; } = [];

    public XenErrno Allocate(EvtchnState state, ushort remote, ActorRef owner, long cookie, out uint port)
    {
        for (port = 1; port <= PortMax; port++)
        {
            if (!Ports.ContainsKey(port))
            {
                Ports.Add(port, new EventChannel { State = state, Remote = remote, Owner = owner, Cookie = cookie });
                return XenErrno.None;
            }
        }

        port = 0;
        return XenErrno.ENOSPC;
    }

    /// <summary>A domain binds to a port of ours: it must be unbound and meant for that domain.</summary>
    public XenErrno Bind(uint port, ushort domain, uint domainPort)
    {
        if (!Ports.TryGetValue(port, out var channel) || channel.State != EvtchnState.Unbound || channel.Remote != domain)
        {
            return XenErrno.EINVAL;
        }

        channel.State = EvtchnState.Interdomain;
        channel.RemotePort = domainPort;
        return XenErrno.None;
    }

    /// <summary>An event has arrived. True when it makes the port pending and the owner is to hear of it.</summary>
    public bool SetPending(uint port, out ActorRef owner)
    {
        owner = ActorRef.None;
        if (!Ports.TryGetValue(port, out var channel) || channel.Pending)
        {
            return false;
        }

        channel.Pending = true;
        owner = channel.Owner;
        return true;
    }
}
