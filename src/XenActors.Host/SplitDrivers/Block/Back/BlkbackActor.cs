using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>
/// A kernel's block backend: the handshake of one vbd. Its data path is in <c>BlkbackActor.Data.cs</c>. Source of the keys:
/// <c>public/io/blkif.h</c>.
/// </summary>
public partial class BlkbackActor : BackendActor<BlkbackState>
{
    private const string PhysicalToken = "physical-device:";
    private const long RingCookie = 0;

    protected override bool Idle => State.Step == BlkbackStep.Waiting;

    protected override void Answered()
    {
        switch (State.Step)
        {
            case BlkbackStep.Probe:
                Probe();
                break;
            case BlkbackStep.Announce:
                SwitchTo(XenbusState.InitWait);
                break;
            case BlkbackStep.PhysicalDevice:
                PhysicalDevice();
                break;
            case BlkbackStep.RingKeys:
                RingKeys();
                break;
        }
    }

    protected override void Published() => SwitchTo(XenbusState.Connected);

    protected override void Switched(XenbusState to)
    {
        State.Step = to == XenbusState.Closing ? BlkbackStep.Closed : BlkbackStep.Waiting;
        if (to == XenbusState.InitWait)
        {
            WatchOther();
        }
    }

    protected override bool TakeOwnWatch(string token)
    {
        var own = token.StartsWith(PhysicalToken, StringComparison.Ordinal);
        State.PhysicalWatchPending |= own;
        return own;
    }

    public void On(in MapGrantsResult m)
    {
        if (m.Cookie != RingCookie)
        {
            Mapped(in m);
            return;
        }

        if (m.Statuses[0] != GnttabStatus.Okay)
        {
            Fatal($"{(int)XenErrno.EINVAL} mapping ring-ref {Decimal(State.RingRef)} port {Decimal(State.Port)}");
            return;
        }

        State.RingHandle = m.Handles[0];
        State.Frontend = m.Owner;
        State.Ring = BackRing.Attach(m.Pages, Layout.RequestSize);
        if (State.Ring is null)
        {
            Disconnect();
            Fatal($"{(int)XenErrno.EIO} mapping ring-ref {Decimal(State.RingRef)} port {Decimal(State.Port)}");
            return;
        }

        Context.Tell(Driver.EventChannels, new BindInterdomain(Device.OtherDomain, State.Port, RingCookie));
    }

    public void On(in EvtchnBound m)
    {
        if (m.Error != XenErrno.None)
        {
            Disconnect();
            Fatal($"{(int)m.Error} mapping ring-ref {Decimal(State.RingRef)} port {Decimal(State.Port)}");
            return;
        }

        State.Port = m.Port;
        State.Bound = true;
        Connect();
    }

    protected override void PostStop()
    {
        Disconnect();
        Leave();
    }

    /// <summary>The ring is mapped and its channel bound.</summary>
    protected virtual void Connect() => BeginPublish();

    /// <summary>The watches go; the frontend's pages and port are given back already.</summary>
    protected virtual void Leave()
    {
        Xs.Unwatch(Context, Device.Path("physical-device"), PhysicalToken + Device.BusId);
        base.PostStop();
    }

    // xen_blkif_disconnect
    private void Disconnect()
    {
        List<uint> handles = State.RingHandle == 0 ? [] : [State.RingHandle];
        foreach (var request in State.Requests.Values)
        {
            handles.AddRange(request.Handles);
        }

        Release(handles, State.Bound ? State.Port : 0);
        State.RingHandle = 0;
        State.Bound = false;
        State.Ring = null;
        State.Requests.Clear();
    }

    /// <summary>The frontend cannot be connected to. As <c>xenbus_dev_fatal</c>: the error node, and Closing.</summary>
    protected virtual void Fatal(string text)
    {
        WriteError(text);
        SwitchTo(XenbusState.Closing);
    }

    private BlkifLayout Layout => State.Layout == BlkifLayoutKind.X86_32 ? BlkifLayout.X86_32 : BlkifLayout.X86_64;

    private void Probe()
    {
        if (!TakeFrontend())
        {
            State.Step = BlkbackStep.Closed;
            return;
        }

        Start();
    }

    /// <summary>The frontend's address is known.</summary>
    protected virtual void Start()
    {
        Publish(Driver.Keys.VbdProbe);
        Xs.Watch(Context, Device.Path("physical-device"), PhysicalToken + Device.BusId);
        State.Step = BlkbackStep.Announce;
    }

    protected override bool LookAtOwn()
    {
        if (!State.PhysicalWatchPending)
        {
            return false;
        }

        State.PhysicalWatchPending = false;
        State.Step = BlkbackStep.PhysicalDevice;
        Xs.Read(Context, Device.Path("physical-device"));
        Xs.Read(Context, Device.Path("physical-device-path"));
        Xs.Read(Context, Device.Path("params"));
        Xs.Read(Context, Device.Path("mode"));
        Xs.Read(Context, Device.OtherPath("device-type"));
        return true;
    }

    private void PhysicalDevice()
    {
        State.Step = BlkbackStep.Waiting;
        if (State.Volume is null && Xs.Text(Device.Path("physical-device")) is { Length: > 0 }
            && Xs.Text(Device.Path("params")) is { } path && Take(path))
        {
            // The frontend may have been ready before the script was.
            Device.OtherPending = true;
        }
    }

    /// <summary>Takes the volume; false when the host has none at this path.</summary>
    protected bool Take(string path)
    {
        if (Context.Port<IVolumes>().Find(path) is not { } volume)
        {
            return false;
        }

        State.Volume = path;
        State.VolumeId = volume.Id;
        State.Sectors = volume.Sectors;
        State.ReadOnly = Xs.Text(Device.Path("mode")) != "w" || volume.ReadOnly;
        State.DiscardGranularity = volume.DiscardGranularity;
        State.Barrier = volume.Barrier;
        return true;
    }

    protected override void OtherChanged(XenbusState frontend)
    {
        if (frontend == XenbusState.Unknown)
        {
            // Its directory is gone: so is this device.
            State.Step = BlkbackStep.Closed;
            Context.Stop();
            return;
        }

        if (frontend is XenbusState.Initialised or XenbusState.Connected && Device.State == XenbusState.InitWait && State.Volume is not null)
        {
            State.Step = BlkbackStep.RingKeys;
            Xs.Read(Context, Device.OtherPath("protocol"));
            Xs.Read(Context, Device.OtherPath("feature-persistent"));
            Xs.Read(Context, Device.OtherPath("multi-queue-num-queues"));
            Xs.Read(Context, Device.OtherPath("ring-page-order"));
            Xs.Read(Context, Device.OtherPath("event-channel"));
            Xs.Read(Context, Device.OtherPath("ring-ref"));
            Xs.Read(Context, Device.Path("discard-enable"));
            Xs.Read(Context, Device.Path("removable"));
        }
    }

    private void RingKeys()
    {
        var protocol = Xs.Text(Device.OtherPath("protocol"));
        if (BlkifLayout.Of(protocol) is not { } layout)
        {
            Fatal($"{(int)XenErrno.EINVAL} unknown fe protocol {protocol}");
            return;
        }

        State.Layout = layout == BlkifLayout.X86_32 ? BlkifLayoutKind.X86_32 : BlkifLayoutKind.X86_64;
        if (Xs.Number(Device.OtherPath("ring-ref")) is not (>= 0 and <= uint.MaxValue and var reference)
            || Xs.Number(Device.OtherPath("event-channel")) is not (> 0 and <= uint.MaxValue and var port))
        {
            Fatal($"{(int)XenErrno.EINVAL} reading {Device.Other}/ring-ref and event-channel");
            return;
        }

        State.RingRef = (uint)reference;
        State.Port = (uint)port;
        State.Step = BlkbackStep.Mapping;
        Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new MapGrants([State.RingRef], false, RingCookie));
    }

    protected override void WriteKeys()
    {
        var info = (State.ReadOnly ? VdiskInfo.Readonly : 0) | (Xs.Text(Device.Path("removable")) == "1" ? VdiskInfo.Removable : 0);
        var allowed = Xs.Number(Device.Path("discard-enable")) != 0;
        var discard = allowed && State.DiscardGranularity > 0;
        Publish(
            Driver.Keys.VbdConnect,
            ("sectors", State.Sectors.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("info", Decimal((long)info)),
            ("sector-size", Decimal(SectorSize)),
            ("physical-sector-size", Decimal(SectorSize)),
            ("flush", State.Barrier ? "1" : "0"),
            ("barrier", State.Barrier ? "1" : "0"),
            ("discard-granularity", discard ? Decimal(State.DiscardGranularity) : ""),
            ("discard-alignment", discard ? "0" : ""),
            ("discard-secure", discard ? "0" : ""),
            ("discard", allowed ? discard ? "1" : "0" : ""));
    }
}
