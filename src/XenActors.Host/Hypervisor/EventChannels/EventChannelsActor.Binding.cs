using XenActors.Abi;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

// How channels come to be: EVTCHNOP_alloc_unbound, bind_interdomain (of which the other end is another actor's), bind_virq, bind_pirq, bind_ipi, and Xen's own.
public sealed partial class EventChannelsActor
{
    public void On(in AllocUnbound m)
    {
        // The store's and the console's ports are the builder's work, before the guest runs.
        if (Sender.Local != DomainPlaces.DomainLocal)
        {
            OtherCall();
        }

        var error = Xen.AllocUnbound(m.Remote == DomId.Self.Value ? State.Domain : m.Remote, out var port);
        Context.Tell(Sender, new EvtchnAllocated(m.Cookie, error, port));
        Start(error, port, m.Cookie, m.LateEoi);
    }

    public void On(in BindInterdomain m)
    {
        OtherCall();
        var remote = m.Remote == DomId.Self.Value ? State.Domain : m.Remote;
        var error = XenErrno.ESRCH;
        uint port = 0;
        if (State.Places.Has(remote))
        {
            error = Xen.Reserve(out port);
        }

        if (error != XenErrno.None)
        {
            Context.Tell(Sender, new EvtchnBound(m.Cookie, error, 0));
            return;
        }

        State.Guest.Register(port, Sender, m.Cookie, m.LateEoi);
        Context.Tell(State.Places.EventChannels(remote), new BindPeer(m.RemotePort, port));
    }

    // Which domain asks is where the message comes from.
    public void On(in BindPeer m)
    {
        var error = State.Places.DomainOf(Sender.Process) is { } domain
            ? Xen.Accept(m.Port, domain, Sender.Process, m.DomainPort)
            : XenErrno.ESRCH;
        Context.Tell(Sender, new PeerBound(m.DomainPort, m.Port, error));
    }

    public void On(in PeerBound m)
    {
        if (!Xen.IsReserved(m.Port) || State.Places.DomainOf(Sender.Process) is not { } domain)
        {
            return;
        }

        var irq = State.Guest.Irq(m.Port);
        if (m.Error != XenErrno.None)
        {
            Xen.Release(m.Port);
            State.Guest.Shutdown(Xen, m.Port);
            if (irq.Raw)
            {
                BoundByCall(in irq, in m, domain);
            }
            else
            {
                Context.Tell(irq.Owner, new EvtchnBound(irq.Cookie, m.Error, 0));
            }

            return;
        }

        Xen.Bind(m.Port, domain, Sender.Process, m.RemotePort);
        Interrupt(Xen.SetPending(m.Port));
        if (irq.Raw)
        {
            BoundByCall(in irq, in m, domain);
            return;
        }

        Context.Tell(irq.Owner, new EvtchnBound(irq.Cookie, XenErrno.None, m.Port));
        Startup(m.Port);
    }

    public void On(in BindVirq m)
    {
        OtherCall();
        Bound(Xen.BindVirq((uint)m.Virq, m.Vcpu, State.Domain == 0, out var port), port, m.Cookie);
    }

    public void On(in BindPirq m)
    {
        OtherCall();
        Bound(Xen.BindPirq(m.Pirq, true, out var port), port, m.Cookie);
    }

    public void On(in BindIpi m)
    {
        OtherCall();
        Bound(Xen.BindIpi(m.Vcpu, out var port), port, m.Cookie);
    }

    public void On(in OpenIoreqPorts m)
    {
        var ports = new List<uint>();
        for (var i = 0; i < m.Count && Xen.AllocForXen(State.Places.DomainOf(m.Model.Process) ?? 0, out var port) == XenErrno.None; i++)
        {
            ports.Add(port);
        }

        Context.Tell(m.Model, new IoreqPortsOpen(State.Domain, ports));
    }

    private void Bound(XenErrno error, uint port, long cookie)
    {
        Context.Tell(Sender, new EvtchnBound(cookie, error, port));
        Start(error, port, cookie, lateEoi: false);
    }

    private void Start(XenErrno error, uint port, long cookie, bool lateEoi)
    {
        if (error == XenErrno.None)
        {
            State.Guest.Register(port, Sender, cookie, lateEoi);
            Startup(port);
        }
    }

    private void Startup(uint port)
    {
        var vcpus = new List<int>();
        var words = Xen.Fifo?.Words;
        State.Guest.Startup(Xen, port, vcpus);
        if (vcpus.Count > 0 || Xen.Fifo?.Words != words)
        {
            // EVTCHNOP_expand_array for a new page of event words, or EVTCHNOP_unmask for an event that was there first.
            OtherCall();
        }

        foreach (var vcpu in vcpus)
        {
            Interrupt(vcpu);
        }
    }
}
