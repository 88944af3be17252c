using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;
using XenActors.Xenbus;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>
/// A guest's block driver: the handshake of one vbd, from its probe to its end. Rings are made in <c>BlkfrontActor.Rings.cs</c>, the data path is
/// in <c>.Data.cs</c> and <c>.Grants.cs</c>. Negotiation and messages are those of the kernel's profile. Source of the keys:
/// <c>public/io/blkif.h</c>.
/// </summary>
public sealed partial class BlkfrontActor : FrontendActor<BlkfrontState>
{
    private const int XenVbdMajor = 202;

    protected override bool Idle => State.Step == BlkfrontStep.Watching;

    protected override void Answered()
    {
        switch (State.Step)
        {
            case BlkfrontStep.Probe:
                if (!TakeBackend())
                {
                    Settle(XenErrno.ENOENT);
                    break;
                }

                Xs.Read(Context, Device.Path("virtual-device"));
                Xs.Read(Context, Device.Path("device-type"));
                State.Step = BlkfrontStep.Describe;
                break;
            case BlkfrontStep.Describe:
                Describe();
                break;
            case BlkfrontStep.Limits:
                MakeRings();
                break;
            case BlkfrontStep.Properties:
                GatherFeatures();
                SwitchTo(XenbusState.Connected);
                break;
            case BlkfrontStep.Resize:
                Resized();
                break;
            case BlkfrontStep.Resume:
                ResumeBackend();
                break;
        }
    }

    private void Describe()
    {
        if (Xs.Number(Device.Path("virtual-device")) is not (>= 0 and <= int.MaxValue and var number))
        {
            Settle(XenErrno.ENOENT);
            return;
        }

        State.VirtualDevice = (uint)number;
        if (Driver.Hvm)
        {
            // Beside an IDE driver that was not unplugged, only disks with a Xen number are ours.
            var unplug = Driver.Unplug.Value;
            var major = State.VirtualDevice >> 8;
            if ((unplug & UnplugState.Unnecessary) != 0 && State.VirtualDevice >> 28 == 0 && major != XenVbdMajor)
            {
                Print("blkfront-not-xen-vbd", ("vdevice", Decimal(State.VirtualDevice)));
                Settle(XenErrno.ENODEV);
                return;
            }

            // The CD drive stays with the emulated controller.
            if (Xs.Text(Device.Path("device-type")) == "cdrom" && !Driver.Profile.Has("blkfront-takes-cdroms"))
            {
                Settle(XenErrno.ENODEV);
                return;
            }
        }

        if (LinuxDisk.FromNumber(State.VirtualDevice, out var reason) is not { } disk)
        {
            Print("blkfront-bad-device", ("reason", reason));
            Settle(XenErrno.ENODEV);
            return;
        }

        State.DiskName = disk.Name;
        State.Step = BlkfrontStep.Watching;
        WatchOther();
    }

    private void Settle(XenErrno error)
    {
        State.Step = BlkfrontStep.Settled;
        ProbeFailed(error);
    }

    // blkback_changed
    protected override void OtherChanged(XenbusState backend)
    {
        switch (backend)
        {
            case XenbusState.InitWait or XenbusState.Connected when Device.State == XenbusState.Initialising:
                AskForLimits();
                break;
            case XenbusState.Connected when Device.State == XenbusState.Initialised:
                State.Step = BlkfrontStep.Properties;
                foreach (var key in (ReadOnlySpan<string>)[
                    "sectors", "info", "sector-size", "physical-sector-size", "feature-barrier", "feature-flush-cache",
                    "feature-discard", "discard-granularity", "discard-secure", "feature-persistent", "feature-max-indirect-segments"])
                {
                    Xs.Read(Context, Device.OtherPath(key));
                }

                break;
            case XenbusState.Connected when Device.State == XenbusState.Connected && State.Connected == BlkifState.Connected:
                // The state written once more means that the size has changed.
                State.Step = BlkfrontStep.Resize;
                Xs.Read(Context, Device.OtherPath("sectors"));
                break;
            case XenbusState.Closing:
            case XenbusState.Closed when Device.State != XenbusState.Closed:
                if (State.Appeared && Driver.Profile.Has("blkfront-refuses-when-open"))
                {
                    AskWhetherOpen();
                }
                else
                {
                    Close();
                }

                break;
        }
    }

    private void AskForLimits()
    {
        State.Step = BlkfrontStep.Limits;
        Xs.Read(Context, Device.Path("trusted"));
        Xs.Read(Context, Device.OtherPath("max-ring-page-order"));
        Xs.Read(Context, Device.OtherPath("multi-queue-max-queues"));
    }

    protected override void Published() => SwitchTo(XenbusState.Initialised);

    protected override void Switched(XenbusState to)
    {
        State.Step = BlkfrontStep.Watching;
        if (to == XenbusState.Connected)
        {
            Connected();
        }
        else if (to == XenbusState.Initialised && Device.OtherState == XenbusState.Connected)
        {
            // A backend that did not wait for us says nothing more: look at its properties now.
            Device.OtherPending = true;
        }
    }

    // blkfront_gather_backend_features
    private void GatherFeatures()
    {
        var profile = Driver.Profile;
        var (flush, fua) = BlkfrontFlush.Negotiate(Offers("feature-barrier"), Offers("feature-flush-cache"), profile);
        var discard = Offers("feature-discard") && profile.Has("blkfront-discard");
        var indirect = profile.Has("blkfront-indirect")
            ? Math.Min(Xs.Number(Device.OtherPath("feature-max-indirect-segments")) ?? 0, profile.Number("blkfront-max-indirect-segments", 32))
            : 0;
        State.Features = new()
        {
            Flush = flush,
            Fua = fua,
            Discard = discard,
            SecureDiscard = discard && Offers("discard-secure"),
            Persistent = Offers("feature-persistent") && profile.Has("blkfront-persistent-grants"),
            IndirectSegments = indirect > BlkifLimits.MaxSegmentsPerRequest ? (int)indirect : 0,
        };
        foreach (var ring in State.Rings)
        {
            ring.Size(State.Features.Segments, State.Features.IndirectPages);
        }
    }

    private bool Offers(string key) => Xs.Number(Device.OtherPath(key)) is > 0;

    private void Connected()
    {
        State.Connected = BlkifState.Connected;
        State.Sectors = (ulong)Math.Max(0, Xs.Number(Device.OtherPath("sectors")) ?? 0);
        if (State.Appeared)
        {
            Recover();
            return;
        }

        PrintFeatures();
        State.Appeared = true;
        Probed(connected: true);

        // An int and an unsigned long to Linux; other numbers count as missing.
        var info = Xs.Number(Device.OtherPath("info")) is >= 0 and <= byte.MaxValue and var bits ? (VdiskInfo)bits : 0;
        var disk = LinuxDisk.FromNumber(State.VirtualDevice, out _)!.Value;
        Context.Tell(Driver.Kernel, new DiskAppeared(
            disk.Name, XenVbdMajor, disk.Minor, disk.Minors, State.Sectors,
            info.HasFlag(VdiskInfo.Readonly), info.HasFlag(VdiskInfo.Removable), "xen-blkfront", Self)
        {
            Limits = Limits(),
        });
    }

    // xlvbd_flush
    private void PrintFeatures()
    {
        var features = State.Features;
        var flush = BlkfrontFlush.Of(features.Flush, features.Fua, Driver.Profile);
        Print(
            "blkfront-connected",
            ("disk", State.DiskName),
            ("flush", flush.Text),
            ("barriers", flush.Barriers ? "enabled" : "disabled"),
            ("persistent", OnOff(features.Persistent)),
            ("indirect", OnOff(features.IndirectSegments > 0)),
            ("bounce", OnOff(features.Persistent || Xs.Number(Device.Path("trusted")) == 0)));
    }

    private DiskLimits Limits()
    {
        var features = State.Features;
        var depth = 0u;
        foreach (var ring in State.Rings)
        {
            depth += (uint)ring.Ring.Entries;
        }

        var block = BlockSize("sector-size", BlkifSectors.Size);
        var physical = BlockSize("physical-sector-size", block);
        var granularity = Xs.Number(Device.OtherPath("discard-granularity")) is > 0 and <= uint.MaxValue and var given ? (uint)given : physical;
        return new()
        {
            LogicalBlockSize = block,
            PhysicalBlockSize = physical,
            MaxSectors = (uint)(features.Segments * BlkifSectors.PerPage),
            QueueDepth = depth,
            WriteCache = features.Flush,
            Fua = features.Fua,
            DiscardGranularity = features.Discard ? granularity : 0,
            SecureErase = features.SecureDiscard,
        };
    }

    // What is no power of two from 512 to a page counts as missing.
    private uint BlockSize(string key, uint otherwise) =>
        Xs.Number(Device.OtherPath(key)) is >= BlkifSectors.Size and <= Gfn.PageSize and var size && long.IsPow2(size) ? (uint)size : otherwise;

    private void TellLimits()
    {
        if (State.Appeared)
        {
            Context.Tell(Driver.Kernel, new DiskChanged(State.DiskName, State.Sectors, Limits()));
        }
    }

    // blkfront_connect, when it is connected already
    private void Resized()
    {
        State.Step = BlkfrontStep.Watching;
        if (Xs.Number(Device.OtherPath("sectors")) is not (>= 0 and var sectors))
        {
            return;
        }

        Print("blkfront-capacity", ("sectors", Decimal(sectors)));
        if ((ulong)sectors != State.Sectors)
        {
            Print(
                "disk-capacity-change",
                ("disk", State.DiskName),
                ("from", Decimal((long)State.Sectors)),
                ("to", Decimal(sectors)),
                ("from-bytes", Decimal((long)State.Sectors * BlkifSectors.Size)),
                ("to-bytes", Decimal(sectors * BlkifSectors.Size)));
        }

        State.Sectors = (ulong)sectors;
        TellLimits();
    }

    /// <summary>A known defect is switched on.</summary>
    private bool Suffers(Defects defect) => (Driver.Profile.Defects & defect) != 0;

    private static string OnOff(bool on) => on ? "enabled" : "disabled";
}
