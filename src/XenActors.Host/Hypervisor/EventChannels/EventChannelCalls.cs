using XenActors.Abi;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>What an operation means for others than the table.</summary>
internal struct EventChannelEffect
{
    /// <summary>The port that it names.</summary>
    public uint Port { get; set; }

    /// <summary>The port that it has opened, or 0.</summary>
    public uint Opened { get; set; }

    public EventRoute Route { get; set; }
}

/// <summary>
/// HYPERVISOR_event_channel_op on bytes: reads the argument, performs the operation, writes what the guest is to read. Closing, sending and
/// binding to another domain go on outside. Source: <c>xen/common/event_channel.c</c>, do_event_channel_op.
/// </summary>
internal static class EventChannelCalls
{
    /// <summary>Bytes of an operation's argument; -1 for a number that is no operation.</summary>
    public static int SizeOf(uint operation) => (EvtchnOp)operation switch
    {
        EvtchnOp.BindInterdomain => EvtchnBindInterdomain.SizeOf,
        EvtchnOp.BindVirq => EvtchnBindVirq.SizeOf,
        EvtchnOp.BindPirq => EvtchnBindPirq.SizeOf,
        EvtchnOp.Close => EvtchnClose.SizeOf,
        EvtchnOp.Send => EvtchnSend.SizeOf,
        EvtchnOp.Status => EvtchnStatus.SizeOf,
        EvtchnOp.AllocUnbound => EvtchnAllocUnbound.SizeOf,
        EvtchnOp.BindIpi => EvtchnBindIpi.SizeOf,
        EvtchnOp.BindVcpu => EvtchnBindVcpu.SizeOf,
        EvtchnOp.Unmask => EvtchnUnmask.SizeOf,
        EvtchnOp.Reset => EvtchnReset.SizeOf,
        EvtchnOp.InitControl => EvtchnInitControl.SizeOf,
        EvtchnOp.ExpandArray => EvtchnExpandArray.SizeOf,
        EvtchnOp.SetPriority => EvtchnSetPriority.SizeOf,
        _ => -1,
    };

    /// <summary>The domain whose table an operation is about; DOMID_SELF for those that have no choice.</summary>
    public static ushort DomainOf(uint operation, ReadOnlySpan<byte> argument) => (EvtchnOp)operation switch
    {
        EvtchnOp.AllocUnbound => EvtchnAllocUnbound.Read(argument).Dom.Value,
        EvtchnOp.Status => EvtchnStatus.Read(argument).Dom.Value,
        EvtchnOp.Reset => EvtchnReset.Read(argument).Dom.Value,
        _ => DomId.Self.Value,
    };

    /// <param name="caller">Who makes the call; its own number stands for DOMID_SELF as a remote domain.</param>
    /// <param name="page">The guest's page at the frame that the argument names, if there is one.</param>
    /// <param name="paused">The domain's controller has it paused.</param>
    /// <param name="vcpus">Gets the vCPUs to interrupt.</param>
    public static XenErrno Execute(
        EventChannels xen, ushort domain, ushort caller, bool paused, uint operation, Span<byte> argument, byte[]? page, List<int> vcpus, out EventChannelEffect effect)
    {
        effect = default;
        switch ((EvtchnOp)operation)
        {
            case EvtchnOp.AllocUnbound:
                return AllocUnbound(xen, caller, argument, ref effect);
            case EvtchnOp.BindVirq:
                return BindVirq(xen, domain, argument, ref effect);
            case EvtchnOp.BindPirq:
                return BindPirq(xen, argument, ref effect);
            case EvtchnOp.BindIpi:
                return BindIpi(xen, argument, ref effect);
            case EvtchnOp.Close:
                effect.Port = EvtchnClose.Read(argument).Port.Value;
                return XenErrno.None;
            case EvtchnOp.Send:
                effect.Port = EvtchnSend.Read(argument).Port.Value;
                var sent = xen.Send(effect.Port, out var route);
                effect.Route = route;
                return sent;
            case EvtchnOp.Status:
                return Status(xen, argument);
            case EvtchnOp.BindVcpu:
                var move = EvtchnBindVcpu.Read(argument);
                return xen.BindVcpu(move.Port.Value, move.Vcpu.Value);
            case EvtchnOp.Unmask:
                var error = xen.Unmask(EvtchnUnmask.Read(argument).Port.Value, out var vcpu);
                if (vcpu != EventChannels.NoVcpu)
                {
                    vcpus.Add(vcpu);
                }

                return error;
            case EvtchnOp.Reset:
                // From outside only while the domain's controller has it paused, as for a soft reset.
                return caller == domain || paused ? XenErrno.None : XenErrno.EINVAL;
            case EvtchnOp.InitControl:
                return InitControl(xen, argument, page);
            case EvtchnOp.ExpandArray:
                return xen.ExpandArray(page, vcpus);
            case EvtchnOp.SetPriority:
                var priority = EvtchnSetPriority.Read(argument);
                return xen.SetPriority(priority.Port.Value, priority.Priority);
            default:
                return XenErrno.ENOSYS;
        }
    }

    private static XenErrno AllocUnbound(EventChannels xen, ushort caller, Span<byte> argument, ref EventChannelEffect effect)
    {
        var alloc = EvtchnAllocUnbound.Read(argument);
        var error = xen.AllocUnbound(alloc.RemoteDom == DomId.Self ? caller : alloc.RemoteDom.Value, out var port);
        if (error == XenErrno.None)
        {
            (alloc with { Port = new EvtchnPort(port) }).WriteTo(argument);
            effect.Opened = port;
        }

        return error;
    }

    private static XenErrno BindVirq(EventChannels xen, ushort domain, Span<byte> argument, ref EventChannelEffect effect)
    {
        var bind = EvtchnBindVirq.Read(argument);
        var error = xen.BindVirq((uint)bind.Virq, bind.Vcpu.Value, domain == 0, out var port);
        if (error == XenErrno.None)
        {
            (bind with { Port = new EvtchnPort(port) }).WriteTo(argument);
            effect.Opened = port;
        }

        return error;
    }

    private static XenErrno BindPirq(EventChannels xen, Span<byte> argument, ref EventChannelEffect effect)
    {
        var bind = EvtchnBindPirq.Read(argument);
        var error = xen.BindPirq(bind.Pirq, permitted: true, out var port);
        if (error == XenErrno.None)
        {
            (bind with { Port = new EvtchnPort(port) }).WriteTo(argument);
            effect.Opened = port;
        }

        return error;
    }

    private static XenErrno BindIpi(EventChannels xen, Span<byte> argument, ref EventChannelEffect effect)
    {
        var bind = EvtchnBindIpi.Read(argument);
        var error = xen.BindIpi(bind.Vcpu.Value, out var port);
        if (error == XenErrno.None)
        {
            (bind with { Port = new EvtchnPort(port) }).WriteTo(argument);
            effect.Opened = port;
        }

        return error;
    }

    private static XenErrno Status(EventChannels xen, Span<byte> argument)
    {
        var asked = EvtchnStatus.Read(argument);
        var error = xen.Status(asked.Port.Value, out var port);
        if (error == XenErrno.None)
        {
            new EvtchnStatus(asked.Dom, asked.Port, port.State, new VcpuId((uint)port.Vcpu), new DomId(port.Remote), port.Number).WriteTo(argument);
        }

        return error;
    }

    private static XenErrno InitControl(EventChannels xen, Span<byte> argument, byte[]? page)
    {
        // The link's width is told whatever becomes of the rest.
        var init = EvtchnInitControl.Read(argument) with { LinkBits = EvtchnFifo.LinkBits };
        init.WriteTo(argument);
        return xen.InitControl(page, init.Offset, init.Vcpu.Value);
    }
}
