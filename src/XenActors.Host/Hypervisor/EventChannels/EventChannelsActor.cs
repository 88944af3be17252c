using XenActors.Abi;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>
/// One domain's event channels; the two ends of a channel are ports of two such actors. What arrives becomes a pending bit, the bit an
/// upcall, and the upcall's dispatch tells the port's owner.
/// </summary>
public sealed partial class EventChannelsActor : Actor<EventChannelsState>
{
    private EventChannels Xen => State.Channels;

    public void On(in SetupEvents m)
    {
        Xen.Configure(m.Vcpus, m.PortMax, m.WordBits);
        Xen.Delivery.Via = m.Hvm ? CallbackVia.None : CallbackVia.Pv;
    }

    public void On(in SendEvent m)
    {
        Sent();
        if (Xen.Send(m.Port, out var route) == XenErrno.None)
        {
            Route(m.Port, route);
        }
    }

    public void On(in PeerEvent m)
    {
        // Xen's own ports set no bit that the guest could see.
        if (Xen.IsBoundTo(m.Port, Sender.Process, m.From) && !Xen.IsXens(m.Port))
        {
            State.Received++;
            Interrupt(Xen.SetPending(m.Port));
        }
    }

    // The other end's hypercall: whether it made one is known only here, where its publication has met the threshold.
    public void On(in RingNotified m) => Sent();

    public void On(in RingEvent m)
    {
        if (Xen.IsOpen(m.Port))
        {
            State.Received++;
            if (HypercallCost > VirtualDuration.Zero && Xen.Port(m.Port).RemoteProcess is > 0 and var process && process != Self.Process)
            {
                Context.Tell(new ActorRef(process, DomainPlaces.EventChannelsLocal), new RingNotified());
            }

            Interrupt(Xen.SetPending(m.Port));
        }
    }

    public void On(in CloseEvent m)
    {
        OtherCall();
        Close(m.Port);
    }

    public void On(in PeerClosed m)
    {
        if (Xen.IsBoundTo(m.Port, Sender.Process, m.From))
        {
            Xen.PeerClosed(m.Port);
        }
    }

    public void On(in LateEoi m)
    {
        // Another driver's port is not its to unmask.
        if (State.Guest.Owner(m.Port) != Sender || !State.Guest.LateEoi(m.Port, m.Spurious, out var delay))
        {
            return;
        }

        if (delay > VirtualDuration.Zero)
        {
            Context.StartTimer(new EoiDue(m.Port), delay);
        }
        else
        {
            EndEoi(m.Port);
        }
    }

    public void On(in EoiDue m) => EndEoi(m.Port);

    // The guest clears its mask bit by itself; only what has come meanwhile takes an EVTCHNOP_unmask.
    private void EndEoi(uint port)
    {
        var vcpu = State.Guest.EndEoi(Xen, port);
        if (vcpu != EventChannels.NoVcpu)
        {
            OtherCall();
        }

        Interrupt(vcpu);
    }

    public void On(in MaskEvent m)
    {
        if (!Xen.IsKnown(m.Port))
        {
            return;
        }

        if (m.Masked)
        {
            Xen.Mask(m.Port);
        }
        else
        {
            OtherCall();
            if (Xen.Unmask(m.Port, out var vcpu) == XenErrno.None)
            {
                Interrupt(vcpu);
            }
        }
    }

    public void On(in MoveEvent m)
    {
        OtherCall();
        Xen.BindVcpu(m.Port, m.Vcpu);
    }

    public void On(in RaiseVirq m) => Interrupt(Xen.RaiseVirq((uint)m.Virq, m.Vcpu));

    public void On(in RaisePirq m) => Interrupt(Xen.RaisePirq(m.Pirq));

    public void On(in SetCallbackVia m)
    {
        Xen.Delivery.Set(m.Via, m.Gsis);
        Recheck();
    }

    public void On(in SetUpcallVector m)
    {
        if (m.Vcpu < Xen.Delivery.UpcallVectors.Length)
        {
            Xen.Delivery.UpcallVectors[m.Vcpu] = m.Vector;
            Recheck();
        }
    }

    public void On(in KernelEventOp m)
    {
        // Numbers beyond 32 bits are no vCPU and no interrupt either.
        var (a, b) = ((uint)Math.Min(m.Arg0, uint.MaxValue), (uint)Math.Min(m.Arg1, uint.MaxValue));
        uint port = 0;
        var error = m.Operation switch
        {
            // The page is one of the guest's own, all zeroes.
            EvtchnOp.InitControl => Xen.InitControl(new byte[Gfn.PageSize], 0, b),
            EvtchnOp.BindVirq => Xen.BindVirq(a, b, State.Domain == 0, out port),
            EvtchnOp.BindIpi => Xen.BindIpi(a, out port),
            EvtchnOp.BindPirq => Xen.BindPirq(a, permitted: true, out port),
            _ => XenErrno.ENOSYS,
        };
        Context.Tell(m.Asker, new HypercallResult(Hypercall.EventChannelOp, (uint)m.Operation, m.Arg0, -(long)error, port));
        if (port != 0)
        {
            State.Guest.Register(port, m.Asker, 0, lateEoi: false);
            Startup(port);
        }
    }

    // A PV domain's vCPU leaves by another door than an HVM guest's.
    private VirtualDuration HypercallCost => Xen.Delivery.Injects ? State.Costs.Hypercall : State.Costs.PvHypercall;

    private void Sent()
    {
        State.Sends++;
        Spend(HypercallCost);
    }

    private void OtherCall()
    {
        State.OtherCalls++;
        Spend(HypercallCost);
    }

    private void Spend(VirtualDuration cost)
    {
        if (cost > VirtualDuration.Zero)
        {
            Context.Work(cost);
        }
    }

    public void On(in DestroyEvents m)
    {
        for (var port = 1u; port < Xen.Known; port++)
        {
            Close(port, byXen: true);
        }
    }

    public void On(in CloseIoreqPorts m)
    {
        for (var port = 1u; port < Xen.Known; port++)
        {
            if (Xen.IsXens(port))
            {
                Close(port, byXen: true);
            }
        }
    }

    private XenErrno Close(uint port, bool byXen = false)
    {
        var error = byXen ? Xen.CloseByXen(port, out var was) : Xen.Close(port, out was);
        if (error == XenErrno.None)
        {
            State.Guest.Shutdown(Xen, port);
            if (was.State == EvtchnState.Interdomain)
            {
                Context.Tell(State.Places.EventChannels(was.Remote), new PeerClosed(was.Number, port));
            }
        }

        return error;
    }

    private void Route(uint port, EventRoute route)
    {
        if (route == EventRoute.Local)
        {
            Interrupt(Xen.SetPending(port));
        }
        else if (route == EventRoute.Peer)
        {
            var channel = Xen.Port(port);
            Context.Tell(new ActorRef(channel.RemoteProcess, DomainPlaces.EventChannelsLocal), new PeerEvent(channel.Number, port));
        }
    }

    // A way into the guest was opened: what has waited for it goes through.
    private void Recheck()
    {
        for (var vcpu = 0; vcpu < Xen.Vcpus; vcpu++)
        {
            if (Xen.Shared.UpcallPending(vcpu) && Xen.Delivery.Reaches(vcpu))
            {
                Interrupt(vcpu);
            }
        }
    }

    private void Interrupt(int vcpu)
    {
        // Before the upcall takes the bit away.
        if (State.Pollers.Count > 0)
        {
            WakePollers();
        }

        if (vcpu != EventChannels.NoVcpu && !State.Paused)
        {
            State.Upcalls++;
            var acknowledgements = Xen.Delivery.Acknowledgements(vcpu);
            State.Acknowledgements += acknowledgements;
            Spend(State.Costs.UpcallWork(Xen.Delivery.Injects, acknowledgements));
            var owners = new Owners(this);
            State.Guest.Upcall(Xen, vcpu, ref owners);
        }
    }

    private readonly struct Owners(EventChannelsActor actor) : IPortHandler
    {
        public void Handle(uint port)
        {
            actor.Spend(actor.State.Costs.Dispatch);
            actor.Context.Tell(actor.State.Guest.Owner(port), new EventFired(port));
        }
    }
}
