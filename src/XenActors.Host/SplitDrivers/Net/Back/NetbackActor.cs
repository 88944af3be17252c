using XenActors.Abi;
using XenActors.Machine;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>
/// A kernel's net backend: the handshake of one vif. It connects when the frontend has, and tells the store only after the hotplug script has
/// put the vif on its bridge. Frames from the guest are in <c>NetbackActor.Tx.cs</c>, those for it in <c>.Rx.cs</c>, events in <c>.Events.cs</c>. Keys:
/// <c>public/io/netif.h</c>.
/// </summary>
public sealed partial class NetbackActor : BackendActor<NetbackState>
{
    private const string HotplugToken = "hotplug-status:";

    // netback_probe writes the keys from this one on outside of its transaction.
    private const string FirstOutside = "feature-split-event-channels";
    private const long TxCookie = 1;
    private const long RxCookie = 2;

    protected override bool Idle => State.Step == NetbackStep.Waiting;

    protected override void Answered()
    {
        switch (State.Step)
        {
            case NetbackStep.Probe:
                if (!TakeFrontend())
                {
                    State.Step = NetbackStep.Closed;
                    break;
                }

                BeginPublish();
                break;
            case NetbackStep.Announced:
                State.Vif = $"vif{Decimal(Device.OtherDomain)}.{Xs.Text(Device.Path("handle"))}";
                Context.Tell(Driver.Bridges, new VifCreated(State.Vif));
                SwitchTo(XenbusState.InitWait);
                break;
            case NetbackStep.RingKeys:
                RingKeys();
                break;
            case NetbackStep.HotplugStatus:
                if (Xs.Text(Device.Path("hotplug-status")) == "connected" && Device.State == XenbusState.InitWait && State.Attached)
                {
                    SwitchTo(XenbusState.Connected);
                    break;
                }

                State.Step = NetbackStep.Waiting;
                break;
            case NetbackStep.Online:
                // Without the toolstack's wish to keep it, the device goes with its frontend.
                State.Step = NetbackStep.Waiting;
                if (Xs.Number(Device.Path("online")) is null or 0)
                {
                    Context.Stop();
                }

                break;
        }
    }

    protected override void WriteKeys() => Publish(Driver.Keys.VifProbe.Take(InTransaction));

    protected override void Published()
    {
        State.Step = NetbackStep.Announced;
        Publish(Driver.Keys.VifProbe.Skip(InTransaction));
        Xs.Read(Context, Device.Path("handle"));
    }

    protected override void Switched(XenbusState to)
    {
        State.Step = NetbackStep.Waiting;
        if (to == XenbusState.InitWait && !State.Watching)
        {
            State.Watching = true;
            WatchOther();
        }

        if (State.Goal != XenbusState.Unknown)
        {
            Approach();
        }
    }

    protected override bool TakeOwnWatch(string token)
    {
        var own = token.StartsWith(HotplugToken, StringComparison.Ordinal);
        State.HotplugWatchPending |= own;
        return own;
    }

    protected override bool LookAtOwn()
    {
        if (!State.HotplugWatchPending)
        {
            return false;
        }

        State.HotplugWatchPending = false;
        State.Step = NetbackStep.HotplugStatus;
        Xs.Read(Context, Device.Path("hotplug-status"));
        return true;
    }

    protected override void MapsDone(MapGrantsResult m)
    {
        if (m.Statuses[0] != GnttabStatus.Okay)
        {
            Fatal($"{(int)XenErrno.EINVAL} mapping shared-frames {Decimal(State.TxRef)}/{Decimal(State.RxRef)}");
            return;
        }

        State.Handles.Add(m.Handles[0]);
        State.Frontend = m.Owner;
        var ring = BackRing.Attach(m.Pages, m.Cookie == TxCookie ? NetifTxRequest.SizeOf : NetifRxRequest.SizeOf);
        if (ring is null)
        {
            Fatal($"{(int)XenErrno.EIO} mapping shared-frames {Decimal(State.TxRef)}/{Decimal(State.RxRef)}");
            return;
        }

        if (m.Cookie == TxCookie)
        {
            ring.SkipsFinalCheck = Driver.Defects.HasFlag(Defects.NetbackNoFinalCheck);
            State.Tx = ring;
            Map(State.RxRef, RxCookie);
            return;
        }

        State.Rx = ring;
        Bind(State.TxPort, TxCookie);
    }

    public void On(in EvtchnBound m)
    {
        if (m.Error != XenErrno.None)
        {
            Fatal($"{(int)m.Error} binding event channels");
            return;
        }

        State.Ports.Add(m.Port);
        if (m.Cookie == TxCookie)
        {
            State.TxPort = m.Port;
            if (State.RxPort != 0)
            {
                Bind(State.RxPort, RxCookie);
                return;
            }
        }
        else
        {
            State.RxPort = m.Port;
        }

        State.Attached = true;
        State.Step = NetbackStep.Waiting;
        State.WatchingScript = true;
        StartFrames();
        Xs.Watch(Context, Device.Path("hotplug-status"), HotplugToken + Device.BusId);
    }

    // netback_remove: closed for good; netfront does not connect to the next one.
    protected override void Unbound()
    {
        State.Vanished = true;
        SetBackendState(XenbusState.Closed);
    }

    protected override void PostStop()
    {
        StopFrames();
        if (State.Vif.Length > 0)
        {
            Context.Tell(Driver.Bridges, new Toolstack.Hotplug.BridgePortRemoved("", State.Vif));
        }

        Release(State.Handles, [.. State.Ports]);
        StopWatchingScript();
        base.PostStop();
        Xs.Rm(Context, Device.Path("hotplug-status"));
    }

    // set_backend_state: one state after the other, as the protocol has them.
    private void SetBackendState(XenbusState goal)
    {
        State.Goal = goal;
        Approach();
    }

    private void Approach()
    {
        switch (Device.State)
        {
            case var own when own == State.Goal:
                State.Goal = XenbusState.Unknown;
                if (own == XenbusState.Closed)
                {
                    Ended();
                }

                break;
            case XenbusState.Closed:
                SwitchTo(State.Goal == XenbusState.Closing ? XenbusState.Closing : XenbusState.InitWait);
                break;
            case XenbusState.Closing:
                SwitchTo(XenbusState.Closed);
                break;
            default:
                Detach();
                SwitchTo(XenbusState.Closing);
                break;
        }
    }

    private void Ended()
    {
        if (State.Vanished)
        {
            Context.Stop();
            return;
        }

        State.Step = NetbackStep.Online;
        Xs.Read(Context, Device.Path("online"));
    }

    // backend_disconnect: the rings go back to the frontend, the vif stays.
    private void Detach()
    {
        StopWatchingScript();
        if (!State.Attached)
        {
            return;
        }

        StopFrames();
        Release(State.Handles, [.. State.Ports]);
        (State.Handles, State.Ports) = ([], []);
    }

    private void StopWatchingScript()
    {
        if (State.WatchingScript)
        {
            State.WatchingScript = false;
            Xs.Unwatch(Context, Device.Path("hotplug-status"), HotplugToken + Device.BusId);
        }
    }

    // As xenbus_dev_fatal: what is mapped goes back, the error node, and Closing.
    private void Fatal(string text)
    {
        StopFrames();
        Release(State.Handles, [.. State.Ports]);
        (State.Handles, State.Ports) = ([], []);
        WriteError(text);
        SwitchTo(XenbusState.Closing);
    }

    private int InTransaction
    {
        get
        {
            var outside = Driver.Keys.VifProbe.FindIndex(k => k.Name == FirstOutside);
            return outside < 0 ? Driver.Keys.VifProbe.Count : outside;
        }
    }

    private void Map(uint reference, long cookie)
    {
        Work(Driver.Costs.MapBatch(1));
        Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new MapGrants([reference], false, cookie));
    }

    private void Bind(uint port, long cookie) =>
        Context.Tell(Driver.EventChannels, new BindInterdomain(Device.OtherDomain, port, cookie, LateEoi));

    protected override void OtherChanged(XenbusState frontend)
    {
        switch (frontend)
        {
            case XenbusState.Initialising when Device.State == XenbusState.Closed:
                SetBackendState(XenbusState.InitWait);
                break;
            case XenbusState.Closing when Device.State != XenbusState.Closed:
                SetBackendState(XenbusState.Closing);
                break;
            case XenbusState.Closed:
                SetBackendState(XenbusState.Closed);
                break;
            case XenbusState.Unknown:
                // Its directory is gone: so is this device.
                State.Vanished = true;
                SetBackendState(XenbusState.Closed);
                break;
            case XenbusState.Connected:
                ConnectRings();
                break;
        }
    }

    private void ConnectRings()
    {
        if (Device.State == XenbusState.InitWait && !State.Attached)
        {
            State.Step = NetbackStep.RingKeys;
            foreach (var key in (ReadOnlySpan<string>)[
                "feature-rx-notify", "feature-sg", "feature-gso-tcpv4", "feature-gso-tcpv6",
                "tx-ring-ref", "rx-ring-ref", "event-channel", "event-channel-tx", "event-channel-rx"])
            {
                Xs.Read(Context, Device.OtherPath(key));
            }
        }
    }

    private void RingKeys()
    {
        var tx = Xs.Number(Device.OtherPath("event-channel-tx")) ?? Xs.Number(Device.OtherPath("event-channel"));
        if (Xs.Number(Device.OtherPath("tx-ring-ref")) is not (>= 0 and <= uint.MaxValue and var txRef)
            || Xs.Number(Device.OtherPath("rx-ring-ref")) is not (>= 0 and <= uint.MaxValue and var rxRef)
            || tx is not (> 0 and <= uint.MaxValue)
            || (Xs.Number(Device.OtherPath("event-channel-rx")) ?? 0) is not (>= 0 and <= uint.MaxValue and var rx))
        {
            Fatal($"{(int)XenErrno.EINVAL} reading {Device.Other}/ring-ref");
            return;
        }

        State.Frontends = FeaturesOfFrontend();
        State.TxRef = (uint)txRef;
        State.RxRef = (uint)rxRef;
        State.TxPort = (uint)tx;
        State.RxPort = (uint)rx;
        State.Step = NetbackStep.Mapping;
        Map(State.TxRef, TxCookie);
    }
}
