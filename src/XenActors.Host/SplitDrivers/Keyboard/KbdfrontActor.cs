using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.Xenbus;
using XenActors.Xenstore;

namespace XenActors.SplitDrivers.Keyboard;

public enum KbdfrontStep
{
    Probe,
    Describe,
    Resources,
    Watching,

    /// <summary>The probe has failed.</summary>
    Settled,
}

[Codec]
public sealed partial class KbdfrontState : IFrontendState
{
    public required DriverContext Driver { get; set; }

    public required DeviceSwitch Device { get; set; }

    public XenstoreClient Xs { get; set; } = new();

    public KbdfrontStep Step { get; set; }

    /// <summary>The kernel has its two input devices; it keeps them over a resume.</summary>
    public bool Appeared { get; set; }

    public uint PageRef { get; set; }

    public uint Port { get; set; }

    public static KbdfrontState Create(DriverContext driver, string node) => new() { Driver = driver, Device = new DeviceSwitch { Node = node } };
}

/// <summary>
/// A guest's keyboard and pointer. It publishes its page and goes to Initialised without waiting for the backend, then to Connected with it.
/// Source: <c>public/io/kbdif.h</c>.
/// </summary>
public sealed class KbdfrontActor : FrontendActor<KbdfrontState>
{
    // The page's machine frame, which the QEMU backend maps by number instead of by grant.
    private const long PageFrame = 13831;

    // The i8042 keyboard is input0; its mouse, found while this driver registers, takes the number between these two.
    private const int KeyboardInput = 1;
    private const int PointerInput = 3;

    protected override bool Idle => State.Step == KbdfrontStep.Watching;

    protected override void Answered()
    {
        switch (State.Step)
        {
            case KbdfrontStep.Probe:
                if (!TakeBackend())
                {
                    State.Step = KbdfrontStep.Settled;
                    ProbeFailed(XenErrno.ENOENT);
                    break;
                }

                foreach (var key in (ReadOnlySpan<string>)[
                    "feature-disable-keyboard", "feature-disable-pointer", "feature-multi-touch", "feature-abs-pointer", "width", "height"])
                {
                    Xs.Read(Context, Device.OtherPath(key));
                }

                State.Step = KbdfrontStep.Describe;
                break;
            case KbdfrontStep.Describe:
                if (Xs.Number(Device.OtherPath("feature-abs-pointer")) == 1)
                {
                    Xs.Write(Context, Device.Path("request-abs-pointer"), "1");
                }

                if (!State.Appeared)
                {
                    Print("kbdfront-keyboard", ("n", Decimal(KeyboardInput)));
                    Print("kbdfront-pointer", ("n", Decimal(PointerInput)));
                    State.Appeared = true;
                }

                State.Step = KbdfrontStep.Resources;
                Grant(new byte[Gfn.PageSize], readOnly: false, shared: true, cookie: 0);
                break;
        }
    }

    protected override void WriteKeys()
    {
        Xs.Write(Context, Device.Path("page-ref"), Decimal(PageFrame));
        Xs.Write(Context, Device.Path("page-gref"), Decimal(State.PageRef));
        Xs.Write(Context, Device.Path("event-channel"), Decimal(State.Port));
    }

    protected override void Published() => SwitchTo(XenbusState.Initialised);

    protected override void Switched(XenbusState to)
    {
        State.Step = KbdfrontStep.Watching;
        if (to == XenbusState.Connected)
        {
            Probed(connected: true);
        }
        else if (to == XenbusState.Initialised)
        {
            WatchOther();
        }
    }

    protected override void OtherChanged(XenbusState other)
    {
        if (other == XenbusState.Connected && Device.State == XenbusState.Initialised)
        {
            SwitchTo(XenbusState.Connected);
        }
        else
        {
            FollowClose(other);
        }
    }

    // xenkbd_resume: page and channel are made anew.
    public void On(in DeviceResumed m)
    {
        if (State.Step == KbdfrontStep.Settled)
        {
            return;
        }

        Xs.Unwatch(Context, Device.OtherPath("state"), Device.BusId);
        GiveBack([State.PageRef], State.Port);
        (State.PageRef, State.Port) = (0, 0);
        Device.Resume();
        State.Step = KbdfrontStep.Probe;
        Xs.Read(Context, Device.Path("backend-id"));
        Xs.Read(Context, Device.Path("backend"));
    }

    // xenkbd_remove: its directory is gone
    protected override void Removed()
    {
        State.Step = KbdfrontStep.Settled;
        GiveBack([State.PageRef], State.Port);
        if (Device.Other.Length > 0)
        {
            Xs.Unwatch(Context, Device.OtherPath("state"), Device.BusId);
        }

        Context.Stop();
    }

    public void On(in AccessEnded m)
    {
    }

    public void On(in PagesGranted m)
    {
        if (m.Refs.Count == 0)
        {
            State.Step = KbdfrontStep.Settled;
            Fail($"{(int)XenErrno.ENOSPC} granting access to ring page");
            return;
        }

        State.PageRef = m.Refs[0];
        AllocatePort(0);
    }

    public void On(in EvtchnAllocated m)
    {
        if (m.Error != XenErrno.None)
        {
            State.Step = KbdfrontStep.Settled;
            Fail($"{(int)m.Error} allocating event channel");
            return;
        }

        State.Port = m.Port;
        BeginPublish();
    }

    public void On(in SharedPageMapped m)
    {
    }

    public void On(in EventFired m)
    {
    }
}
