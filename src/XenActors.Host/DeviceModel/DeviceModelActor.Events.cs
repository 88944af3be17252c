using XenActors.Hypervisor;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;

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
    }

    public void On(in EventFired m)
    {
    }
}
