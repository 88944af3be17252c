using System.Globalization;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Xenbus;

/// <summary>What the answers to a device's own questions ask of its driver.</summary>
public enum DeviceAnswer
{
    /// <summary>The driver asked: they are its.</summary>
    Drivers,

    /// <summary>The handshake goes on by itself.</summary>
    Going,

    /// <summary>A transaction is open for the driver's keys; it is committed after them.</summary>
    WriteKeys,

    /// <summary>The keys are published.</summary>
    Published,

    /// <summary>The own state is written, or its node is gone.</summary>
    Switched,

    /// <summary>The other end's state was read.</summary>
    OtherState,
}

/// <summary>
/// One end of a split device as xenbus sees it, and the handshake that all of them share: keys are published in a transaction; a state is
/// written in a transaction that reads it first, so that a removed node is never brought back (<c>xenbus_switch_state</c>); both are
/// tried again after EAGAIN; the other end's state is read when its watch has fired and nothing else is under way.
/// </summary>
[Codec]
public sealed partial class DeviceSwitch
{
    /// <summary>As <c>device/vbd/768</c> or <c>backend/vbd/29/768</c>, relative to the own domain.</summary>
    public required string Node { get; set; }

    /// <summary>The other end's node, absolute; empty until it was read.</summary>
    public string Other { get; set; } = "";

    public ushort OtherDomain { get; set; }

    public XenbusState State { get; private set; } = XenbusState.Initialising;

    public XenbusState OtherState { get; private set; }

    /// <summary>The other end's watch has fired, or there is another reason to look at its state.</summary>
    public bool OtherPending { get; set; }

    /// <summary>The machine goes down: the device closes as soon as nothing is under way.</summary>
    public bool ShutdownPending { get; set; }

    /// <summary>It closes because the machine goes down: xenbus alone answers the other end from now on.</summary>
    public bool ShuttingDown { get; set; }

    /// <summary>The device goes, or its driver, as soon as nothing is under way.</summary>
    public DeviceLeave Leave { get; set; }

    private DevicePhase Phase { get; set; }

    private XenbusState Target { get; set; }

    /// <summary>An end whose state was already written by somebody else.</summary>
    public static DeviceSwitch At(string node, XenbusState state) => new() { Node = node, State = state };

    /// <summary>After the domain was suspended: as <c>xenbus_dev_resume</c>, everything begins anew.</summary>
    public void Resume()
    {
        State = XenbusState.Initialising;
        OtherState = XenbusState.Unknown;
        OtherPending = false;
        Phase = DevicePhase.Idle;
    }

    /// <summary>A transaction or a look at the other end is under way.</summary>
    public bool Busy => Phase != DevicePhase.Idle;

    /// <summary>As <c>vbd</c>.</summary>
    public string Type => Node.Split('/')[1];

    /// <summary>As <c>vbd-768</c> (frontend) or <c>vbd-29-768</c> (backend).</summary>
    public string BusId => string.Join('-', Node.Split('/')[1..]);

    public string Path(string key) => $"{Node}/{key}";

    public string OtherPath(string key) => $"{Other}/{key}";

    public void BeginPublish(ActorContext context, XenstoreClient xs)
    {
        Phase = DevicePhase.PublishBegun;
        xs.Begin(context);
    }

    public void BeginSwitch(ActorContext context, XenstoreClient xs, XenbusState to)
    {
        Target = to;
        Phase = DevicePhase.SwitchBegun;
        xs.Begin(context);
    }

    /// <summary>As QEMU does it: the state is written outright, under its absolute path.</summary>
    public void Put(ActorContext context, XenstoreClient xs, ushort domain, XenbusState to)
    {
        State = Target = to;
        Phase = DevicePhase.Put;
        xs.Write(context, $"/local/domain/{domain}/{Path("state")}", ((int)to).ToString(CultureInfo.InvariantCulture));
    }

    public void LookAtOther(ActorContext context, XenstoreClient xs)
    {
        OtherPending = false;
        Phase = DevicePhase.ReadingOther;
        xs.Read(context, OtherPath("state"));
    }

    /// <summary>All answers to the last questions are in: goes on, and says what the driver has to do.</summary>
    public DeviceAnswer Answered(ActorContext context, XenstoreClient xs)
    {
        switch (Phase)
        {
            case DevicePhase.PublishBegun:
                Phase = DevicePhase.PublishEnded;
                return DeviceAnswer.WriteKeys;
            case DevicePhase.PublishEnded when xs.Again:
                BeginPublish(context, xs);
                return DeviceAnswer.Going;
            case DevicePhase.PublishEnded:
                Phase = DevicePhase.Idle;
                return DeviceAnswer.Published;
            case DevicePhase.SwitchBegun:
                Phase = DevicePhase.SwitchReading;
                xs.Read(context, Path("state"));
                return DeviceAnswer.Going;
            case DevicePhase.SwitchReading:
                WriteState(context, xs);
                return DeviceAnswer.Going;
            case DevicePhase.SwitchEnded when xs.Again:
                BeginSwitch(context, xs, Target);
                return DeviceAnswer.Going;
            case DevicePhase.Put:
            case DevicePhase.SwitchEnded:
                Phase = DevicePhase.Idle;
                return DeviceAnswer.Switched;
            case DevicePhase.ReadingOther:
                Phase = DevicePhase.Idle;
                OtherState = xs.State(OtherPath("state"));
                return DeviceAnswer.OtherState;
            default:
                return DeviceAnswer.Drivers;
        }
    }

    private void WriteState(ActorContext context, XenstoreClient xs)
    {
        var exists = xs.Number(Path("state")) is not null;
        if (exists)
        {
            xs.Write(context, Path("state"), ((int)Target).ToString(CultureInfo.InvariantCulture));
        }

        Phase = DevicePhase.SwitchEnded;
        xs.End(context, commit: exists);
        State = Target;
    }
}

/// <summary>How far the transaction or the look is.</summary>
public enum DevicePhase
{
    Idle,
    PublishBegun,
    PublishEnded,
    SwitchBegun,
    SwitchReading,
    SwitchEnded,
    Put,
    ReadingOther,
}

/// <summary>What ends a driver's work on its device.</summary>
public enum DeviceLeave : byte
{
    None,

    /// <summary>The device's directory is gone.</summary>
    Removed,

    /// <summary>The driver is taken away from its device, which stays as it is.</summary>
    Unbound,
}
