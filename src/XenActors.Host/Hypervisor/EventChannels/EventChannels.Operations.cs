using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>Where an event goes that was sent through a port.</summary>
public enum EventRoute
{
    /// <summary>Nowhere: nobody has bound yet.</summary>
    Dropped,

    /// <summary>To the port's own vCPU.</summary>
    Local,

    /// <summary>To the other end.</summary>
    Peer,
}

/// <summary>The operations of HYPERVISOR_event_channel_op, with Xen's errors.</summary>
public sealed partial class EventChannels
{
    /// <summary>EVTCHNOP_alloc_unbound.</summary>
    public XenErrno AllocUnbound(ushort remote, out uint port)
    {
        var error = TakePort(out port);
        if (error == XenErrno.None)
        {
            Table[port].State = EvtchnState.Unbound;
            Table[port].Remote = remote;
        }

        return error;
    }

    /// <summary>alloc_unbound_xen_event_channel: a port of the domain's that Xen itself uses.</summary>
    public XenErrno AllocForXen(ushort remote, out uint port)
    {
        var error = AllocUnbound(remote, out port);
        if (error == XenErrno.None)
        {
            Table[port].XenConsumer = true;
        }

        return error;
    }

    public bool IsXens(uint port) => Table[port].XenConsumer;

    /// <summary>The local half of EVTCHNOP_bind_interdomain: a port that is kept until the other domain has answered.</summary>
    public XenErrno Reserve(out uint port)
    {
        var error = TakePort(out port);
        if (error == XenErrno.None)
        {
            Table[port].Reserved = true;
        }

        return error;
    }

    /// <summary>The other domain has agreed. The port is to be set pending at once: events for it may have come before.</summary>
    public void Bind(uint port, ushort remote, int process, uint remotePort)
    {
        ref var channel = ref Table[port];
        channel.Reserved = false;
        channel.State = EvtchnState.Interdomain;
        (channel.Remote, channel.RemoteProcess, channel.Number) = (remote, process, remotePort);
    }

    public bool IsReserved(uint port) => port < Known && Table[port].Reserved;

    /// <summary>The other domain has refused.</summary>
    public void Release(uint port) => FreePort(port);

    /// <summary>The remote half of EVTCHNOP_bind_interdomain, for a domain in that process: our port must be unbound and meant for it.</summary>
    public XenErrno Accept(uint port, ushort domain, int process, uint domainPort)
    {
        if (port >= Known || Table[port].State != EvtchnState.Unbound || Table[port].Remote != domain)
        {
            return XenErrno.EINVAL;
        }

        Bind(port, domain, process, domainPort);
        return XenErrno.None;
    }

    /// <summary>EVTCHNOP_bind_virq.</summary>
    /// <param name="hardwareDomain">Whether the caller handles the host's global interrupts.</param>
    public XenErrno BindVirq(uint virq, uint vcpu, bool hardwareDomain, out uint port)
    {
        port = 0;
        if (virq >= Virqs.Count)
        {
            return XenErrno.EINVAL;
        }

        var scope = Virqs.Scope(virq);
        if (scope != VirqScope.Vcpu && vcpu != 0)
        {
            return XenErrno.EINVAL;
        }

        if (vcpu >= Vcpus)
        {
            return XenErrno.ENOENT;
        }

        if (scope == VirqScope.Global && !hardwareDomain)
        {
            return XenErrno.EBUSY;
        }

        ref var bound = ref VirqPorts[VirqSlot(virq, (int)vcpu)];
        if (bound != 0)
        {
            return XenErrno.EEXIST;
        }

        var error = TakePort(out port);
        if (error == XenErrno.None)
        {
            (Table[port].State, Table[port].Number, Table[port].Vcpu) = (EvtchnState.Virq, virq, (int)vcpu);
            bound = port;
        }

        return error;
    }

    /// <summary>A virtual interrupt of this domain's; one that nobody has bound is lost.</summary>
    public int RaiseVirq(uint virq, int vcpu)
    {
        var port = virq < Virqs.Count && vcpu < Vcpus ? VirqPorts[VirqSlot(virq, vcpu)] : 0;
        return port == 0 ? NoVcpu : SetPending(port);
    }

    /// <summary>EVTCHNOP_bind_pirq.</summary>
    /// <param name="permitted">Whether the domain may have this interrupt; an HVM domain's are emulated and its own.</param>
    public XenErrno BindPirq(uint pirq, bool permitted, out uint port)
    {
        port = 0;
        if (pirq >= Pirqs)
        {
            return XenErrno.EINVAL;
        }

        if (!permitted)
        {
            return XenErrno.EPERM;
        }

        if (PirqPorts.ContainsKey(pirq))
        {
            return XenErrno.EEXIST;
        }

        var error = TakePort(out port);
        if (error == XenErrno.None)
        {
            (Table[port].State, Table[port].Number) = (EvtchnState.Pirq, pirq);
            PirqPorts.Add(pirq, port);
        }

        return error;
    }

    public int RaisePirq(uint pirq) => PirqPorts.TryGetValue(pirq, out var port) ? SetPending(port) : NoVcpu;

    /// <summary>EVTCHNOP_bind_ipi.</summary>
    public XenErrno BindIpi(uint vcpu, out uint port)
    {
        port = 0;
        if (vcpu >= Vcpus)
        {
            return XenErrno.ENOENT;
        }

        var error = TakePort(out port);
        if (error == XenErrno.None)
        {
            (Table[port].State, Table[port].Vcpu) = (EvtchnState.Ipi, (int)vcpu);
        }

        return error;
    }

    /// <summary>EVTCHNOP_close by the guest. When the port was bound, its other end becomes unbound.</summary>
    public XenErrno Close(uint port, out EventPort was)
    {
        was = port < Known ? Table[port] : default;
        return was.State == EvtchnState.Closed || was.XenConsumer ? XenErrno.EINVAL : CloseByXen(port, out was);
    }

    /// <summary>evtchn_close, without guest: Xen closes its own ports, too.</summary>
    public XenErrno CloseByXen(uint port, out EventPort was)
    {
        was = port < Known ? Table[port] : default;
        if (was.State == EvtchnState.Closed)
        {
            return XenErrno.EINVAL;
        }

        if (was.State == EvtchnState.Virq)
        {
            VirqPorts[VirqSlot(was.Number, was.Vcpu)] = 0;
        }
        else if (was.State == EvtchnState.Pirq)
        {
            PirqPorts.Remove(was.Number);
        }

        FreePort(port);
        return XenErrno.None;
    }

    /// <summary>The other end was closed: unbound again, for the domain that closed it.</summary>
    public void PeerClosed(uint port)
    {
        Table[port].State = EvtchnState.Unbound;
        (Table[port].RemoteProcess, Table[port].Number) = (0, 0);
    }

    /// <summary>EVTCHNOP_send: where the event goes.</summary>
    public XenErrno Send(uint port, out EventRoute route)
    {
        route = EventRoute.Dropped;
        if (port >= Known || Table[port].XenConsumer)
        {
            return XenErrno.EINVAL;
        }

        switch (Table[port].State)
        {
            case EvtchnState.Interdomain:
                route = EventRoute.Peer;
                return XenErrno.None;
            case EvtchnState.Ipi:
                route = EventRoute.Local;
                return XenErrno.None;
            case EvtchnState.Unbound:
                return XenErrno.None;
            default:
                return XenErrno.EINVAL;
        }
    }

    /// <summary>EVTCHNOP_status.</summary>
    public XenErrno Status(uint port, out EventPort status)
    {
        status = port < Known ? Table[port] : default;
        return port < Known ? XenErrno.None : XenErrno.EINVAL;
    }

    /// <summary>EVTCHNOP_bind_vcpu.</summary>
    public XenErrno BindVcpu(uint port, uint vcpu)
    {
        if (vcpu >= Vcpus)
        {
            return XenErrno.ENOENT;
        }

        if (port >= Known || Table[port].XenConsumer)
        {
            return XenErrno.EINVAL;
        }

        var moves = Table[port].State switch
        {
            EvtchnState.Unbound or EvtchnState.Interdomain or EvtchnState.Pirq => true,
            EvtchnState.Virq => Virqs.Scope(Table[port].Number) != VirqScope.Vcpu,
            _ => false,
        };
        if (!moves)
        {
            return XenErrno.EINVAL;
        }

        Table[port].Vcpu = (int)vcpu;
        return XenErrno.None;
    }

    /// <summary>EVTCHNOP_unmask.</summary>
    public XenErrno Unmask(uint port, out int vcpu)
    {
        // A port that is closed has no bits of its own: nothing happens, and that is no error.
        vcpu = port < Known && Usable(port) ? UnmaskKnown(port) : NoVcpu;
        return port < Known ? XenErrno.None : XenErrno.EINVAL;
    }

    /// <summary>EVTCHNOP_init_control: the vCPU's control block; the first one changes the domain to the FIFO layout.</summary>
    /// <param name="page">The guest's page; null when it has none at that frame.</param>
    public XenErrno InitControl(byte[]? page, uint offset, uint vcpu)
    {
        if (vcpu >= Vcpus)
        {
            return XenErrno.ENOENT;
        }

        if (offset > Gfn.PageSize - EvtchnFifoControlBlock.SizeOf || (offset & 7) != 0 || page is null)
        {
            return XenErrno.EINVAL;
        }

        var fifo = Fifo ?? FifoQueues.Of(Vcpus);
        var own = fifo.Vcpus[(int)vcpu];
        if (own.Mapped)
        {
            return XenErrno.EINVAL;
        }

        (own.Page, own.Offset) = (page, (int)offset);
        if (Fifo is null)
        {
            KeepPending();
            Fifo = fifo;
        }

        return XenErrno.None;
    }

    /// <summary>EVTCHNOP_expand_array: one more page of event words. Events that waited for it are raised: the vCPUs to interrupt.</summary>
    public XenErrno ExpandArray(byte[]? page, List<int> vcpus)
    {
        if (Fifo is not { } fifo)
        {
            return XenErrno.EOPNOTSUPP;
        }

        if (fifo.Pages.Count >= FifoQueues.PagesMax)
        {
            return XenErrno.ENOSPC;
        }

        if (page is null)
        {
            return XenErrno.EINVAL;
        }

        var first = fifo.Words;
        fifo.Pages.Add(page);
        for (var port = first; port < fifo.Words && port < Known; port++)
        {
            if (Table[port].Pending && SetPending(port) is not NoVcpu and var vcpu)
            {
                vcpus.Add(vcpu);
            }
        }

        return XenErrno.None;
    }

    /// <summary>EVTCHNOP_set_priority: from the next time on that the port is linked.</summary>
    public XenErrno SetPriority(uint port, uint priority)
    {
        if (port >= Known)
        {
            return XenErrno.EINVAL;
        }

        if (Fifo is null)
        {
            return XenErrno.ENOSYS;
        }

        if (!Usable(port))
        {
            return XenErrno.EACCES;
        }

        if (priority > EvtchnFifo.PriorityMin)
        {
            return XenErrno.EINVAL;
        }

        Table[port].Priority = (byte)priority;
        return XenErrno.None;
    }

    /// <summary>EVTCHNOP_reset: closes all that the guest can close, which the caller does port by port, and goes back to two levels.</summary>
    public void LeaveFifo() => Fifo = null;

    private bool Usable(uint port) => Table[port].State != EvtchnState.Closed && !Table[port].XenConsumer;

    // setup_ports: what is pending in two levels waits for its word.
    private void KeepPending()
    {
        for (var port = 1u; port < Known && port < Shared.Channels; port++)
        {
            Table[port].Pending |= Shared.IsPending(port);
            Table[port].Priority = EvtchnFifo.PriorityDefault;
        }
    }

    private static int VirqSlot(uint virq, int vcpu) => Virqs.Scope(virq) == VirqScope.Vcpu ? (vcpu * Virqs.Count) + (int)virq : (int)virq;
}
