using System.Globalization;
using XenActors.Abi;
using XenActors.Guest;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>
/// A kernel's block backend: the handshake of one vbd, from its first keys to its end. Rings and channels are in <c>BlkbackActor.Rings.cs</c>,
/// the data path in <c>.Data.cs</c> and <c>.Grants.cs</c>. Source of the keys: <c>public/io/blkif.h</c>; of states and words: Linux' xen-blkback.
/// </summary>
public partial class BlkbackActor : BackendActor<BlkbackState>
{
    private const string PhysicalToken = "physical-device:";

    protected override bool Idle => State.Step == BlkbackStep.Waiting && !State.Draining;

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
            case BlkbackStep.RingRefs:
                RingRefs();
                break;
            case BlkbackStep.Online:
                // Without the toolstack's wish to keep it, the device goes with its frontend.
                State.Step = BlkbackStep.Waiting;
                if (Xs.Number(Device.Path("online")) is null or 0)
                {
                    Gone();
                }

                break;
            case BlkbackStep.Leaving:
                // xenbus_dev_remove: a state that the toolstack has forced to Closing becomes Closed, for it waits for that.
                if (Xs.State(Device.Path("state")) == XenbusState.Closing)
                {
                    SwitchTo(XenbusState.Closed);
                }
                else
                {
                    Context.Stop();
                }

                break;
        }
    }

    protected override void Published()
    {
        if (State.Resizing)
        {
            State.Resizing = false;
            State.Step = BlkbackStep.Waiting;
            return;
        }

        SwitchTo(XenbusState.Connected);
    }

    protected override void Switched(XenbusState to)
    {
        if (State.Stopping && to == XenbusState.Closed)
        {
            Context.Stop();
            return;
        }

        State.Step = BlkbackStep.Waiting;
        if (to == XenbusState.InitWait && !State.Watching)
        {
            State.Watching = true;
            WatchOther();
        }
        else if (to == XenbusState.Closed)
        {
            State.Step = BlkbackStep.Online;
            Xs.Read(Context, Device.Path("online"));
        }
    }

    protected override bool TakeOwnWatch(string token)
    {
        var own = token.StartsWith(PhysicalToken, StringComparison.Ordinal);
        State.PhysicalWatchPending |= own;
        return own;
    }

    protected override void PostStop()
    {
        Disconnect();
        Leave();
    }

    /// <summary>The watches go; the frontend's pages and ports are given back already.</summary>
    protected virtual void Leave()
    {
        Xs.Unwatch(Context, Device.Path("physical-device"), PhysicalToken + Device.BusId);
        base.PostStop();
    }

    /// <summary>The device is to go: at once, or when what is in flight has come to its end.</summary>
    protected override void Gone()
    {
        State.Stopping = true;
        Drain();
    }

    protected override void Removed()
    {
        State.Removed = true;
        Gone();
    }

    // xen_blkbk_remove stops the threads that take requests; the rings are let go of with the last that is in flight.
    protected override void Unbound() => Removed();

    /// <summary>The frontend cannot be connected to. As <c>xenbus_dev_fatal</c>: the error node, and Closing.</summary>
    protected virtual void Fatal(string text)
    {
        Log($"{Device.Type} {Device.BusId}: {text}");
        WriteError(text);
        SwitchTo(XenbusState.Closing);
    }

    /// <summary>A line for the log of this backend's kernel.</summary>
    protected virtual void Log(string text) => Context.Tell(Driver.Bus, new Printk(text));

    private BlkifLayout Layout => State.Layout == BlkifLayoutKind.X86_32 ? BlkifLayout.X86_32 : BlkifLayout.X86_64;

    /// <summary>A known defect is switched on.</summary>
    private bool Suffers(Defects defect) => (Driver.Defects & defect) != 0;

    private bool Knows(BlkbackFeatures feature) => (State.Features & feature) == feature;

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
        State.Features = FeaturesOf(Driver.Keys);
        Publish(Driver.Keys.VbdProbe);
        Xs.Watch(Context, Device.Path("physical-device"), PhysicalToken + Device.BusId);
        State.Step = BlkbackStep.Announce;
    }

    private static BlkbackFeatures FeaturesOf(BackendKeys keys) =>
        (Has(keys.VbdConnect, "feature-barrier") ? BlkbackFeatures.Barrier : 0)
        | (Has(keys.VbdConnect, "feature-flush-cache") ? BlkbackFeatures.Flush : 0)
        | (Has(keys.VbdConnect, "feature-discard") ? BlkbackFeatures.Discard : 0)
        | (Has(keys.VbdConnect, "feature-persistent") ? BlkbackFeatures.Persistent : 0)
        | (Has(keys.VbdProbe, "feature-max-indirect-segments") ? BlkbackFeatures.Indirect : 0)
        | (Has(keys.VbdProbe, "multi-queue-max-queues") ? BlkbackFeatures.Queues : 0);

    // A key of 0 is the parameter of a backend that could, and may not.
    private static bool Has(List<BackendKey> keys, string name) => keys.Exists(k => k.Name == name && k.Value != "0");

    protected override bool LookAtOwn()
    {
        if (State.ResizePending && Device.State == XenbusState.Connected)
        {
            State.ResizePending = false;
            State.Resizing = true;
            BeginPublish();
            return true;
        }

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
        if (State.Volume is null && Xs.Text(Device.Path("physical-device")) is { Length: > 0 } device
            && Xs.Text(Device.Path("params")) is { } path && Take(path))
        {
            State.PhysicalDevice = NumberOf(device);
            // The frontend may have been ready before the script was.
            Device.OtherPending = true;
        }
    }

    // "%x:%x", as MKDEV packs it
    private static uint NumberOf(string device)
    {
        var parts = device.Split(':');
        return parts.Length == 2
            && uint.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var major)
            && uint.TryParse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var minor)
            ? ((major & 0xFFF) << 20) | (minor & 0xFFFFF)
            : 0;
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

    // xen_vbd_resize
    public void On(in DiskResized m)
    {
        if (m.Volume != State.VolumeId || m.Sectors == State.Sectors)
        {
            return;
        }

        State.Sectors = m.Sectors;
        State.ResizePending = true;
        Log($"xen-blkback: VBD Resize: Domid: {Device.OtherDomain}, Device: ({State.PhysicalDevice >> 20}, {State.PhysicalDevice & 0xFFFFF})");
        Log($"xen-blkback: VBD Resize: new size {m.Sectors.ToString(CultureInfo.InvariantCulture)}");
        Look();
    }

    protected override void OtherChanged(XenbusState frontend)
    {
        switch (frontend)
        {
            case XenbusState.Initialising:
                if (Device.State == XenbusState.Closed)
                {
                    Log($"xen-blkback: {Device.Node}: prepare for reconnect");
                    SwitchTo(XenbusState.InitWait);
                }

                break;
            case XenbusState.Initialised or XenbusState.Connected:
                if (Device.State != XenbusState.Connected && State.Volume is not null)
                {
                    ConnectRings();
                }

                break;
            case XenbusState.Closing:
                SwitchTo(XenbusState.Closing);
                break;
            case XenbusState.Closed:
                Drain();
                break;
            case XenbusState.Unknown:
                // Its directory is gone: so is this device.
                Gone();
                break;
            case XenbusState.InitWait:
                break;
            default:
                Fatal($"{(int)XenErrno.EINVAL} saw state {(int)frontend} at frontend");
                break;
        }
    }

    /// <summary>The queues have nothing in flight any more, or will tell when they have.</summary>
    private void Drain()
    {
        State.Draining = true;
        if (Drained)
        {
            LetGo();
        }
        else if (Suffers(Defects.BlkbackToggleUsesRing) && !State.Stopping)
        {
            LetGoUnderWork();
        }
    }

    private bool Drained => State.Rings.TrueForAll(r => r.InFlight == 0);

    private void LetGo()
    {
        State.Draining = false;
        Disconnect();
        if (State.Stopping)
        {
            if (State.Removed || Device.Busy)
            {
                State.Step = BlkbackStep.Closed;
                Context.Stop();
                return;
            }

            State.Step = BlkbackStep.Leaving;
            Xs.Read(Context, Device.Path("state"));
            return;
        }

        SwitchTo(XenbusState.Closed);
    }

    // What the disk cannot do is not offered any more (xen_blkbk_flush_diskcache, xen_blkbk_barrier).
    private void NotSupported(BlkifOp operation)
    {
        var key = operation switch
        {
            BlkifOp.FlushDiskcache => "feature-flush-cache",
            BlkifOp.WriteBarrier => "feature-barrier",
            _ => null,
        };
        if (key is not null && !Device.Busy)
        {
            Xs.Write(Context, Device.Path(key), "0");
        }
    }

    protected override void WriteKeys()
    {
        if (State.Resizing)
        {
            Xs.Write(Context, Device.Path("sectors"), State.Sectors.ToString(CultureInfo.InvariantCulture));
            Xs.Write(Context, Device.Path("state"), Decimal((long)Device.State));
            return;
        }

        var info = (State.ReadOnly ? VdiskInfo.Readonly : 0) | (Xs.Text(Device.Path("removable")) == "1" ? VdiskInfo.Removable : 0);
        var allowed = Xs.Number(Device.Path("discard-enable")) != 0;
        var discard = allowed && State.DiscardGranularity > 0;
        Publish(
            Driver.Keys.VbdConnect,
            ("sectors", State.Sectors.ToString(CultureInfo.InvariantCulture)),
            ("info", Decimal((long)info)),
            ("sector-size", Decimal(State.LogicalBlockSize)),
            ("physical-sector-size", Decimal(State.LogicalBlockSize)),
            ("flush", State.Barrier ? "1" : "0"),
            ("barrier", State.Barrier ? "1" : "0"),
            ("discard-granularity", discard ? Decimal(State.DiscardGranularity) : ""),
            ("discard-alignment", discard ? "0" : ""),
            ("discard-secure", discard ? State.DiscardSecure ? "1" : "0" : ""),
            ("discard", allowed ? discard ? "1" : "0" : ""));
    }
}
