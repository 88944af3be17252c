using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;

namespace XenActors.SplitDrivers.Net.Bridge;

/// <summary>
/// A domain's software bridges: which network devices are on which, and what goes from one to another. Ports forward at once
/// (<c>forward_delay</c> 0, no spanning tree), as Xen's scripts set them up.
/// </summary>
public sealed class BridgeActor : Actor<BridgeState>
{
    public void On(in VifCreated m) => Device(m.Name).Driver = Sender;

    public void On(in VifCarrier m)
    {
        if (!m.On && State.Find(m.Name) is null)
        {
            // A script has taken the device away already.
            return;
        }

        var device = Device(m.Name);
        device.Carrier = m.On;
        if (!m.On && State.Bridges.TryGetValue(device.Bridge, out var bridge))
        {
            // br_stp_disable_port
            bridge.Forget(device.Name);
        }
    }

    public void On(in SetDeviceMtu m) => Device(m.Name).Mtu = m.Mtu;

    public void On(in BridgePortAdded m)
    {
        Bridge(m.Bridge);
        var device = Device(m.Port);
        if (device.Bridge != m.Bridge)
        {
            Leave(device);
            device.Bridge = m.Bridge;
        }
    }

    public void On(in BridgePortRemoved m)
    {
        if (State.Find(m.Port) is { } device)
        {
            Leave(device);
            State.Devices.Remove(device);
        }
    }

    public void On(in OpenBridgeSocket m) => Bridge(m.Bridge).Sockets.Add(Sender, m.EtherType);

    public void On(in SendOnBridge m)
    {
        if (m.Frame.Length >= EthernetHeader.SizeOf && State.Bridges.TryGetValue(m.Bridge, out var bridge))
        {
            Pass(m.Bridge, bridge, null, m.Frame);
        }
    }

    public void On(in FrameArrived m) => Arrived(m.Frame);

    public void On(in WireFrame m) => Arrived(m.Frame);

    // br_handle_frame
    private void Arrived(in NetFrame frame)
    {
        if (frame.Length < EthernetHeader.SizeOf || State.DrivenBy(Sender) is not { } device)
        {
            return;
        }

        device.RxFrames++;
        device.RxBytes += frame.Length;
        if (!device.Carrier || !State.Bridges.TryGetValue(device.Bridge, out var bridge) || frame.Source.IsGroup || frame.Destination.IsLinkLocal)
        {
            return;
        }

        bridge.Learn(frame.Source, device.Name, Context.Now);
        Pass(device.Bridge, bridge, device, in frame);
    }

    private void Pass(string name, BridgeTable bridge, BridgePort? from, in NetFrame frame)
    {
        var to = frame.Destination;
        if (to.IsGroup)
        {
            Flood(name, from, in frame);
            ToPrograms(bridge, from, in frame);
        }
        else if (from is not null && to == State.MacOf(name))
        {
            ToPrograms(bridge, from, in frame);
        }
        else if (bridge.Find(to, Context.Now) is { } port)
        {
            if (port != from?.Name && State.Find(port) is { } device)
            {
                Send(device, in frame);
            }
        }
        else
        {
            bridge.Flooded++;
            Flood(name, from, in frame);
        }
    }

    private void ToPrograms(BridgeTable bridge, BridgePort? from, in NetFrame frame)
    {
        if (from is not null)
        {
            bridge.Sockets.Deliver(Context, in frame);
        }
    }

    private void Flood(string bridge, BridgePort? from, in NetFrame frame)
    {
        foreach (var device in State.Devices)
        {
            if (device.Bridge == bridge && device != from)
            {
                Send(device, in frame);
            }
        }
    }

    private void Send(BridgePort device, in NetFrame frame)
    {
        if (!device.Carrier || device.Driver.IsNone || !device.Takes(in frame))
        {
            device.TxDropped++;
            return;
        }

        device.TxFrames++;
        device.TxBytes += frame.Length;
        if (device.Wired)
        {
            Context.Tell(device.Driver, new WireFrame(frame));
        }
        else
        {
            Context.Tell(device.Driver, new TransmitFrame(frame));
        }
    }

    private void Leave(BridgePort device)
    {
        if (State.Bridges.TryGetValue(device.Bridge, out var bridge))
        {
            bridge.Forget(device.Name);
        }

        device.Bridge = "";
    }

    private BridgeTable Bridge(string name)
    {
        if (!State.Bridges.TryGetValue(name, out var bridge))
        {
            State.Bridges.Add(name, bridge = new BridgeTable());
        }

        return bridge;
    }

    private BridgePort Device(string name)
    {
        if (State.Find(name) is { } device)
        {
            return device;
        }

        var made = new BridgePort { Name = name };
        State.Devices.Add(made);
        return made;
    }
}
