using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Toolstack.Xl;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>
/// A guest's block driver: the handshake of one vbd. Its data path is in <c>BlkfrontActor.Data.cs</c>. Negotiation and messages are those of
/// the kernel's profile. Source of the keys: <c>public/io/blkif.h</c>.
/// </summary>
public sealed partial class BlkfrontActor : FrontendActor<BlkfrontState>
{
    private const int XenVbdMajor = 202;
    private const long RingCookie = 0;

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
                State.Ring = FrontRing.Create(BlkifLayout.X86_64.RequestSize);
                State.Step = BlkfrontStep.Resources;
                Grant(State.Ring.Page, readOnly: false, shared: true, RingCookie);
                break;
            case BlkfrontStep.Properties:
                SwitchTo(XenbusState.Connected);
                break;
        }
    }

    public void On(in PagesGranted m)
    {
        if (m.Cookie != RingCookie)
        {
            BufferGranted(m.Cookie, m.Refs);
            return;
        }

        if (m.Refs.Count == 0)
        {
            State.Step = BlkfrontStep.Settled;
            Fail($"{(int)XenErrno.ENOSPC} granting access to ring page");
            return;
        }

        State.RingRef = m.Refs[0];
        AllocatePort(RingCookie);
    }

    public void On(in EvtchnAllocated m)
    {
        if (m.Error != XenErrno.None)
        {
            State.Step = BlkfrontStep.Settled;
            Fail($"{(int)m.Error} allocating event channel");
            return;
        }

        State.Port = m.Port;
        BeginPublish();
    }

    // The ring is mapped: from now on the two ends publish to each other.
    public void On(in SharedPageMapped m) => State.Backend = m.By;

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

    protected override void OtherChanged(XenbusState backend)
    {
        if (backend is XenbusState.InitWait or XenbusState.Connected && Device.State == XenbusState.Initialising)
        {
            State.Step = BlkfrontStep.Limits;
            Xs.Read(Context, Device.Path("trusted"));
            Xs.Read(Context, Device.OtherPath("max-ring-page-order"));
            Xs.Read(Context, Device.OtherPath("multi-queue-max-queues"));
        }
        else if (backend == XenbusState.Connected && Device.State == XenbusState.Initialised)
        {
            State.Step = BlkfrontStep.Properties;
            foreach (var key in (ReadOnlySpan<string>)[
                "sectors", "info", "sector-size", "physical-sector-size", "feature-barrier", "feature-flush-cache",
                "feature-discard", "discard-granularity", "feature-persistent", "feature-max-indirect-segments"])
            {
                Xs.Read(Context, Device.OtherPath(key));
            }
        }
    }

    // One page and one queue: what both ends always understand.
    protected override void WriteKeys()
    {
        Xs.Write(Context, Device.Path("ring-ref"), Decimal(State.RingRef));
        Xs.Write(Context, Device.Path("event-channel"), Decimal(State.Port));
        Xs.Write(Context, Device.Path("protocol"), BlkifLayout.X86_64.Protocol);
        if (Driver.Profile.Has("blkfront-feature-persistent"))
        {
            Xs.Write(Context, Device.Path("feature-persistent"), "1");
        }
    }

    protected override void Published() => SwitchTo(XenbusState.Initialised);

    protected override void Switched(XenbusState to)
    {
        State.Step = BlkfrontStep.Watching;
        if (to == XenbusState.Connected)
        {
            Connected();
        }
        else if (Device.OtherState == XenbusState.Connected)
        {
            // A backend that did not wait for us says nothing more: look at its properties now.
            Device.OtherPending = true;
        }
    }

    private void Connected()
    {
        // An int and an unsigned long to Linux; other numbers count as missing.
        var info = Xs.Number(Device.OtherPath("info")) is >= 0 and <= byte.MaxValue and var bits ? (VdiskInfo)bits : 0;
        var sectors = Math.Max(0, Xs.Number(Device.OtherPath("sectors")) ?? 0);
        var persistent = Xs.Number(Device.OtherPath("feature-persistent")) == 1 && Driver.Profile.Has("blkfront-persistent-grants");
        var indirect = Xs.Number(Device.OtherPath("feature-max-indirect-segments")) > BlkifLimits.MaxSegmentsPerRequest
            && Driver.Profile.Has("blkfront-indirect");
        var flush = BlkfrontFlush.Of(Xs.Number(Device.OtherPath("feature-barrier")), Xs.Number(Device.OtherPath("feature-flush-cache")), Driver.Profile);
        Print(
            "blkfront-connected",
            ("disk", State.DiskName),
            ("flush", flush.Text),
            ("barriers", flush.Barriers ? "enabled" : "disabled"),
            ("persistent", OnOff(persistent)),
            ("indirect", OnOff(indirect)),
            ("bounce", OnOff(persistent || Xs.Number(Device.Path("trusted")) == 0)));
        Probed(connected: true);
        var disk = LinuxDisk.FromNumber(State.VirtualDevice, out _)!.Value;
        Context.Tell(Driver.Kernel, new DiskAppeared(
            disk.Name, XenVbdMajor, disk.Minor, disk.Minors, (ulong)sectors,
            info.HasFlag(VdiskInfo.Readonly), info.HasFlag(VdiskInfo.Removable), "xen-blkfront", Self));
    }

    private static string OnOff(bool on) => on ? "enabled" : "disabled";
}
