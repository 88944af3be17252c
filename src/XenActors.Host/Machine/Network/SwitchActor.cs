using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Machine.Network;

/// <summary>
/// An Ethernet switch between hosts: it learns behind which port an address is, and sends a frame on when it has come whole. Each port sends one frame
/// after the other, at the wire's rate; what its buffer cannot hold is lost. Latency, and faults, are those of the links to it.
/// </summary>
public sealed class SwitchActor : Actor<SwitchState>
{
    // IEEE 802.1D's ageing time.
    private static readonly VirtualDuration Ageing = VirtualDuration.FromSeconds(300);

    public void On(in WireFrame m)
    {
        var from = State.PortOf(Sender);
        if (from < 0 || m.Frame.Length < EthernetHeader.SizeOf)
        {
            return;
        }

        State.Ports[from].Received++;
        if (!m.Frame.Source.IsGroup && (State.Learned.Count < State.Plan.AddressesMax || State.Learned.ContainsKey(m.Frame.Source)))
        {
            State.Learned[m.Frame.Source] = new(from, Context.Now);
        }

        var to = m.Frame.Destination;
        if (!to.IsGroup && State.Learned.TryGetValue(to, out var entry) && Context.Now - entry.Seen <= Ageing)
        {
            if (entry.Port != from)
            {
                Send(State.Ports[entry.Port], in m);
            }

            return;
        }

        for (var port = 0; port < State.Ports.Count; port++)
        {
            if (port != from)
            {
                Send(State.Ports[port], in m);
            }
        }
    }

    private void Send(SwitchPort port, in WireFrame frame)
    {
        var wait = port.FreeAt > Context.Now ? port.FreeAt - Context.Now : VirtualDuration.Zero;
        var takes = State.Plan.TimeOnWire(frame.Frame.Length);
        if (State.Plan.BytesIn(wait) + frame.Frame.Length > State.Plan.PortBuffer)
        {
            port.Dropped++;
            return;
        }

        port.FreeAt = Context.Now + wait + takes;
        port.Sent++;
        Context.Tell(port.Card, in frame, wait + takes);
    }
}
