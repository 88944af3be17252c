using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>
/// HYPERVISOR_event_channel_op as a guest makes it: a number and the bytes of its argument, in and out. Its ports stay masked until it
/// unmasks them itself.
/// </summary>
public sealed partial class EventChannelsActor
{
    public void On(in EventChannelOp m)
    {
        if (m.Operation == (uint)EvtchnOp.Send)
        {
            Sent();
        }
        else
        {
            OtherCall();
        }

        var size = EventChannelCalls.SizeOf(m.Operation);
        if (size < 0 || m.Argument.Length < size)
        {
            Answer(Sender, m, size < 0 ? XenErrno.ENOSYS : XenErrno.EFAULT, []);
            return;
        }

        // The guest keeps its own bytes: messages are values.
        var argument = m.Argument.AsSpan(0, size).ToArray();
        var other = EventChannelCalls.DomainOf(m.Operation, argument);
        if (other != DomId.Self.Value && other != State.Domain)
        {
            Foreign(m, other, argument);
            return;
        }

        if (m.Operation == (uint)EvtchnOp.BindInterdomain)
        {
            BindInterdomain(m, EvtchnBindInterdomain.Read(argument));
            return;
        }

        Perform(m, argument, State.Domain, Sender);
    }

    // From another domain's event channels, which has looked at the caller's rights.
    public void On(in ForeignEventChannelOp m)
    {
        if (State.Places.DomainOf(Sender.Process) is { } caller)
        {
            Perform(new EventChannelOp(m.Operation, m.Argument, null, m.Cookie), [.. m.Argument], caller, m.Asker);
        }
    }

    private void Foreign(in EventChannelOp m, ushort other, byte[] argument)
    {
        if (!State.Places.Has(other))
        {
            Answer(Sender, m, XenErrno.ESRCH, argument);
        }
        else if (State.Domain != 0)
        {
            Answer(Sender, m, XenErrno.EPERM, argument);
        }
        else
        {
            Context.Tell(State.Places.EventChannels(other), new ForeignEventChannelOp(m.Operation, argument, Sender, m.Cookie));
        }
    }

    private void BindInterdomain(in EventChannelOp m, in EvtchnBindInterdomain bind)
    {
        var remote = bind.RemoteDom == DomId.Self ? State.Domain : bind.RemoteDom.Value;
        var error = XenErrno.ESRCH;
        uint port = 0;
        if (State.Places.Has(remote))
        {
            error = Xen.Reserve(out port);
        }

        if (error != XenErrno.None)
        {
            Answer(Sender, m, error, m.Argument);
            return;
        }

        State.Guest.Register(port, Sender, m.Cookie, lateEoi: false, raw: true);
        Context.Tell(State.Places.EventChannels(remote), new BindPeer(bind.RemotePort.Value, port));
    }

    // The other end has answered a hypercall's question.
    private void BoundByCall(in GuestIrq irq, in PeerBound m, ushort remote)
    {
        var argument = new byte[EvtchnBindInterdomain.SizeOf];
        new EvtchnBindInterdomain(new DomId(remote), new EvtchnPort(m.RemotePort), new EvtchnPort(m.Error == XenErrno.None ? m.Port : 0)).WriteTo(argument);
        Context.Tell(irq.Owner, new EventChannelOpResult((uint)EvtchnOp.BindInterdomain, -(long)m.Error, argument, irq.Cookie));
    }

    private void Perform(in EventChannelOp m, byte[] argument, ushort caller, ActorRef asker)
    {
        var vcpus = new List<int>();
        var error = EventChannelCalls.Execute(Xen, State.Domain, caller, State.Paused, m.Operation, argument, m.Page, vcpus, out var effect);
        if (effect.Opened != 0 && caller == State.Domain)
        {
            State.Guest.Register(effect.Opened, asker, m.Cookie, lateEoi: false, raw: true);
        }

        switch ((EvtchnOp)m.Operation)
        {
            case EvtchnOp.Close when error == XenErrno.None:
                error = Close(effect.Port);
                break;
            case EvtchnOp.Send when error == XenErrno.None:
                Route(effect.Port, effect.Route);
                break;
            case EvtchnOp.Reset when error == XenErrno.None:
                Reset();
                break;
        }

        Answer(asker, m, error, argument);
        foreach (var vcpu in vcpus)
        {
            Interrupt(vcpu);
        }
    }

    private void Reset()
    {
        for (var port = 1u; port < Xen.Known; port++)
        {
            Close(port);
        }

        Xen.LeaveFifo();
        State.Guest.Forget();
    }

    private void Answer(ActorRef asker, in EventChannelOp m, XenErrno error, byte[] argument) =>
        Context.Tell(asker, new EventChannelOpResult(m.Operation, -(long)error, argument, m.Cookie));
}
