using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>What wakes either direction, when its event is over, and where a connection's frames begin and end.</summary>
public sealed partial class NetbackActor
{
    private const long TxCopyCookie = 0;
    private const long RxCopyCookie = 1;

    public void On(in RequestsPublished m)
    {
        if (Sender != State.Frontend)
        {
            return;
        }

        if (m.Ring == State.TxRef && State.Tx is { } tx)
        {
            if (tx.Arrive(in m))
            {
                Raise(State.TxPort);
            }
        }
        else if (m.Ring == State.RxRef && State.Rx is { } rx && rx.Arrive(in m))
        {
            Raise(RxChannel);
        }
    }

    // What the ring that this driver has taken up held already.
    public void On(in RingRemembered m)
    {
        if (Sender != State.Frontend)
        {
            return;
        }

        if (m.Ring == State.TxRef && State.Tx is { } tx)
        {
            if (tx.Adopt(in m) && tx.ReqProd != tx.ReqCons)
            {
                Raise(State.TxPort);
            }
        }
        else if (m.Ring == State.RxRef && State.Rx is { } rx && rx.Adopt(in m) && rx.ReqProd != rx.ReqCons)
        {
            Raise(RxChannel);
        }
    }

    // xenvif_interrupt: each direction looks whether the event was for it.
    public void On(in EventFired m)
    {
        if (!State.Attached)
        {
            // Bound, and not yet enabled: the event waits for that.
            (State.TxEventOpen, State.RxEventOpen) = (State.TxEventOpen || m.Port == State.TxPort, State.RxEventOpen || m.Port != State.TxPort);
        }
        else if (!State.Disabled && m.Port == State.TxPort)
        {
            State.TxEventOpen = true;
            var spurious = !HasTxWork && !(RxChannel == m.Port && HasRxWork);
            TxWork();
            if (RxChannel == m.Port)
            {
                RxWork();
            }

            EndTxEvent(spurious);
        }
        else if (!State.Disabled && m.Port == RxChannel)
        {
            State.RxEventOpen = true;
            var spurious = !HasRxWork;
            RxWork();
            EndRxEvent(spurious);
        }
    }

    protected override void CopiesDone(CopyGrantsResult m)
    {
        if (m.Cookie >> 1 != State.Round || !State.Attached)
        {
            return;
        }

        if ((m.Cookie & 1) == RxCopyCookie)
        {
            RxCopied(m);
        }
        else
        {
            TxCopied(m);
        }
    }

    /// <summary>Linux 5.10 and later (XSA-332): the next event comes when this one is over.</summary>
    private bool LateEoi => Driver.Keys.VifProbe.Exists(k => k.Name == "multi-queue-max-queues");

    private uint RxChannel => State.RxPort == 0 ? State.TxPort : State.RxPort;

    private long CopyCookie(long direction) => ((long)State.Round << 1) | direction;

    private bool HasTxWork => State.Tx is { } tx && tx.ReqProd != tx.ReqCons;

    /// <summary>The rings are mapped and the channels bound.</summary>
    private void StartFrames()
    {
        State.Round++;
        State.Disabled = false;
        State.FromGuest = new NetbackTx();
        State.ToGuest = new NetbackRx { LastTime = Context.Now, Stalled = StallDetection };
        if (!StallDetection)
        {
            Carrier(true);
        }

        TxWork();
        RxWork();
        EndTxEvent(spurious: false);
        EndRxEvent(spurious: false);
    }

    /// <summary>The connection is over: what was queued is gone, and what is being copied is nobody's.</summary>
    private void StopFrames()
    {
        DropRetries();
        State.Round++;
        State.Attached = false;
        (State.Tx, State.Rx) = (null, null);
        (State.FromGuest, State.ToGuest) = (new NetbackTx(), new NetbackRx());
        (State.TxEventOpen, State.RxEventOpen) = (false, false);
        if (State.Vif.Length > 0)
        {
            Carrier(false);
        }
    }

    // Until the channels are bound, nobody waits: StartFrames looks at what has come by then.
    private void Raise(uint port)
    {
        if (State.Attached)
        {
            Context.Tell(Driver.EventChannels, new RingEvent(port), Driver.Costs.EventRest(Driver.Costs.Link, Context.HasIdleVcpu, hvm: false));
        }
    }

    // xenvif_napi_schedule_or_enable_events: when the poll has found nothing more, the event is over.
    private void EndTxEvent(bool spurious)
    {
        if (State.TxEventOpen && !State.FromGuest.Copying && !State.Disabled)
        {
            State.TxEventOpen = false;
            EndEvent(State.TxPort, spurious);
        }
    }

    private void EndRxEvent(bool spurious)
    {
        if (State.RxEventOpen && !State.ToGuest.Copying && !State.Disabled)
        {
            State.RxEventOpen = false;
            EndEvent(RxChannel, spurious);
        }
    }

    private void EndEvent(uint port, bool spurious)
    {
        if (LateEoi)
        {
            Context.Tell(Driver.EventChannels, new LateEoi(port, spurious));
        }
    }

    // As netdev_err prints: driver, device, interface.
    private void Say(string text) => Context.Tell(Driver.Bus, new Printk($"vif vif-{Decimal(Device.OtherDomain)}-{Device.Node.Split('/')[^1]} {State.Vif}: {text}"));

    private void Charge(VirtualDuration cost)
    {
        if (cost > VirtualDuration.Zero)
        {
            Context.Work(cost);
        }
    }
}
