using XenActors.Hypervisor;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;
using XenActors.Toolstack.Hotplug;

namespace XenActors.DeviceModel;

/// <summary>
/// The ioreq server's ports: QEMU binds each in its own domain (<c>hw/i386/xen/xen-hvm.c</c>). Requests travel as messages, so that their
/// events mean nothing here.
/// </summary>
public sealed partial class DeviceModelActor
{
    public void On(in IoreqPortsOpen m)
    {
        var own = new ActorRef(Self.Process, DomainPlaces.EventChannelsLocal);
        for (var i = 0; i < m.Ports.Count; i++)
        {
            Context.Tell(own, new BindInterdomain(m.Domain, m.Ports[i], i));
        }
    }

    public void On(in EvtchnBound m)
    {
        if (m.Error == Abi.XenErrno.None)
        {
            State.Ports.Add(m.Port);
        }
    }

    public void On(in QemuHangup m)
    {
        if (State.Xenbus.IsNone)
        {
            Context.Stop();
        }
        else
        {
            Context.Tell(State.Xenbus, in m);
        }
    }

    public void On(in QemuDiskAdded m) => Context.Tell(State.Xenbus, in m);

    public void On(in QemuDevicesGone m) => Context.Stop();

    // However it ends: its kernel closes its files, and with them its ports, its taps and its ioreq server.
    protected override void PostStop()
    {
        var own = new ActorRef(Self.Process, DomainPlaces.EventChannelsLocal);
        foreach (var port in State.Ports)
        {
            Context.Tell(own, new CloseEvent(port));
        }

        if (State.Running && State.Plan!.IsHvm)
        {
            Context.Tell(Domain, new DeviceModelEnded());
        }

        foreach (var nic in State.Plan!.Nics)
        {
            if (nic.Emulated && State.Running && !State.Peers!.Bridge.IsNone)
            {
                Context.Tell(State.Peers.Bridge, new BridgePortRemoved(nic.Bridge, nic.Tap(State.Plan.Domain)));
            }
        }
    }

    public void On(in EventFired m)
    {
    }
}
