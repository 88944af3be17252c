using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Net;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenbus;

namespace XenActors.SplitDrivers.Net.Front;

/// <summary>
/// A guest's net driver: the handshake of one vif. The frontend publishes its rings and goes from Initialising to Connected directly; the
/// backend follows. Frames to the backend are in <c>NetfrontActor.Tx.cs</c>, those from it in <c>.Rx.cs</c>. Source of the keys:
/// <c>public/io/netif.h</c>.
/// </summary>
public sealed partial class NetfrontActor : FrontendActor<NetfrontState>
{
    private const long TxCookie = 1;
    private const long RxCookie = 2;

    protected override bool Idle => State.Step == NetfrontStep.Watching;

    protected override void Answered()
    {
        switch (State.Step)
        {
            case NetfrontStep.Probe:
                if (!TakeBackend())
                {
                    State.Step = NetfrontStep.Settled;
                    ProbeFailed(XenErrno.ENOENT);
                    break;
                }

                State.Step = NetfrontStep.Watching;
                WatchOther();
                break;
            case NetfrontStep.Features:
                MakeRings();
                break;
        }
    }

    // xennet_connect: buffers for the backend lie ready before it hears of them.
    protected override void Published()
    {
        PostBuffers();
        SwitchTo(XenbusState.Connected);
    }

    public void On(in NetdevNamed m) => State.Name = m.Name;

    public void On(in PagesGranted m)
    {
        if (m.Refs.Count == 0)
        {
            State.Step = NetfrontStep.Settled;
            Fail($"{(int)XenErrno.ENOSPC} granting access to ring page");
            return;
        }

        if (m.Cookie == TxCookie)
        {
            State.TxRef = m.Refs[0];
            Grant(State.Rx!.Page, readOnly: false, shared: true, RxCookie);
        }
        else
        {
            State.RxRef = m.Refs[0];
            AllocatePort(TxCookie, LateEoi);
        }
    }

    public void On(in EvtchnAllocated m)
    {
        if (m.Error != XenErrno.None)
        {
            State.Step = NetfrontStep.Settled;
            Fail($"{(int)m.Error} allocating event channel");
            return;
        }

        if (m.Cookie == TxCookie)
        {
            State.TxPort = m.Port;
            State.RxPort = m.Port;
            if (State.SplitEventChannels)
            {
                AllocatePort(RxCookie, LateEoi);
                return;
            }
        }
        else
        {
            State.RxPort = m.Port;
        }

        BeginPublish();
    }

    protected override void OtherChanged(XenbusState backend)
    {
        if (backend == XenbusState.InitWait && Device.State == XenbusState.Initialising)
        {
            State.Step = NetfrontStep.Features;
            Xs.Read(Context, Device.OtherPath("feature-rx-copy"));
            Xs.Read(Context, Device.Path("trusted"));
            Xs.Read(Context, Device.OtherPath("multi-queue-max-queues"));
            Xs.Read(Context, Device.OtherPath("feature-split-event-channels"));
            Xs.Read(Context, Device.Path("mac"));
            Xs.Read(Context, Device.OtherPath("feature-xdp-headroom"));
        }
        else
        {
            FollowClose(backend);
        }
    }

    // netfront_resume: what was on the rings is lost, as frames may be; rings and channels are made anew.
    public void On(in DeviceResumed m)
    {
        if (State.Step == NetfrontStep.Settled)
        {
            return;
        }

        Xs.Unwatch(Context, Device.OtherPath("state"), Device.BusId);
        FreeFrames();
        GiveBack([State.TxRef, State.RxRef], State.TxPort, State.RxPort);
        (State.TxRef, State.RxRef, State.TxPort, State.RxPort) = (0, 0, 0, 0);
        Context.Tell(Driver.GrantTable, new FreeReferences());
        Device.Resume();
        State.Step = NetfrontStep.Probe;
        Xs.Read(Context, Device.Path("backend-id"));
        Xs.Read(Context, Device.Path("backend"));
    }

    // xennet_remove: its directory is gone
    protected override void Removed()
    {
        State.Step = NetfrontStep.Settled;
        FreeFrames();
        while (State.ToBackend.Waiting.TryDequeue(out var queued))
        {
            Context.Tell(queued.Program, new FrameSent(queued.Cookie, false));
        }

        Context.Tell(Driver.Kernel, new NetdevGone());
        GiveBack([State.TxRef, State.RxRef], State.TxPort, State.RxPort);
        if (Device.Other.Length > 0)
        {
            Xs.Unwatch(Context, Device.OtherPath("state"), Device.BusId);
        }

        Context.Stop();
    }

    public void On(in AccessEnded m)
    {
    }

    private void MakeRings()
    {
        if (Xs.Number(Device.OtherPath("feature-rx-copy")) != 1)
        {
            State.Step = NetfrontStep.Settled;
            Print("netfront-no-rx-copy");
            Probed(connected: false);
            return;
        }

        // xend's type=ioemu leaves the frontend without an address of its own.
        if (Xs.Text(Device.Path("mac")) is not { Length: > 0 } mac)
        {
            State.Step = NetfrontStep.Settled;
            Fail($"{(int)XenErrno.ENOENT} parsing {Device.Node}/mac");
            return;
        }

        State.Mac = mac;
        State.MultiQueue = Xs.Number(Device.OtherPath("multi-queue-max-queues")) is not null && Driver.Profile.Has("netfront-multi-queue");
        State.SplitEventChannels = Xs.Number(Device.OtherPath("feature-split-event-channels")) == 1
            && Driver.Profile.Has("netfront-split-event-channels");
        if (Driver.Profile.Has("netfront-xdp"))
        {
            Xs.Write(Context, Device.Path("xdp-headroom"), "0");
        }

        State.Tx = FrontRing.Create(NetifTxRequest.SizeOf);
        State.Rx = FrontRing.Create(NetifRxRequest.SizeOf);
        State.ToBackend = State.ToBackend.For(State.Tx.Entries);
        State.FromBackend = State.FromBackend.For(State.Rx.Entries);
        State.Round++;
        State.Step = NetfrontStep.Resources;
        if (Driver.NoGrants)
        {
            GrantTx();
            return;
        }

        // xennet_init_queue: references for every slot of both rings come before the rings' own.
        Context.Tell(Driver.GrantTable, new HoldReferences(2 * State.Tx.Entries, TxCookie));
    }

    public void On(in ReferencesHeld m)
    {
        if (m.Ok)
        {
            GrantTx();
            return;
        }

        State.Step = NetfrontStep.Settled;
        Fail($"{(int)XenErrno.ENOMEM} creating queues");
    }

    // xennet_release_tx_bufs, xennet_release_rx_bufs
    protected override void PostStop()
    {
        LetGo([.. State.ToBackend.Refs.Where(r => r != 0), .. State.FromBackend.Refs.Where(r => r != 0)]);
        Context.Tell(Driver.GrantTable, new FreeReferences());
    }

    private void GrantTx() => Grant(State.Tx!.Page, readOnly: false, shared: true, TxCookie);

    protected override void WriteKeys()
    {
        if (State.MultiQueue)
        {
            Xs.Write(Context, Device.Path("multi-queue-num-queues"), "1");
        }

        Xs.Write(Context, Device.Path("tx-ring-ref"), Decimal(State.TxRef));
        Xs.Write(Context, Device.Path("rx-ring-ref"), Decimal(State.RxRef));
        if (State.SplitEventChannels)
        {
            Xs.Write(Context, Device.Path("event-channel-tx"), Decimal(State.TxPort));
            Xs.Write(Context, Device.Path("event-channel-rx"), Decimal(State.RxPort));
        }
        else
        {
            Xs.Write(Context, Device.Path("event-channel"), Decimal(State.TxPort));
        }

        Xs.Write(Context, Device.Path("request-rx-copy"), "1");
        Xs.Write(Context, Device.Path("feature-rx-notify"), "1");
        Xs.Write(Context, Device.Path("feature-sg"), "1");
        Xs.Write(Context, Device.Path("feature-gso-tcpv4"), "1");
        if (Driver.Profile.Has("netfront-gso-tcpv6"))
        {
            Xs.Write(Context, Device.Path("feature-gso-tcpv6"), "1");
            Xs.Write(Context, Device.Path("feature-ipv6-csum-offload"), "1");
        }
    }

    protected override void Switched(XenbusState to)
    {
        State.Step = NetfrontStep.Watching;
        if (to != XenbusState.Connected)
        {
            return;
        }

        if (Xs.Number(Device.OtherPath("feature-xdp-headroom")) == 1)
        {
            Print("netfront-xdp");
        }

        Probed(connected: true);
        PumpTx();
        if (State.Appeared)
        {
            return;
        }

        State.Appeared = true;
        Context.Tell(Driver.Kernel, new NetdevAppeared("vif", Device.BusId, State.Mac, Self));
    }
}
