using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>To the toolstack: <c>xl destroy</c>.</summary>
[Codec]
public readonly partial record struct DestroyGuest(ushort Domain);

/// <summary>To the toolstack: <c>xl shutdown</c>, or <c>xl reboot</c>. Answered when the guest has acknowledged it, or has not for a minute.</summary>
[Codec]
public readonly partial record struct ShutdownGuest(ushort Domain, bool Reboot);

/// <summary>To the toolstack: <c>xl pause</c>.</summary>
[Codec]
public readonly partial record struct PauseGuest(ushort Domain);

/// <summary>To the toolstack: <c>xl unpause</c>.</summary>
[Codec]
public readonly partial record struct UnpauseGuest(ushort Domain);

/// <summary>To the toolstack: <c>xl block-attach</c> with one disk specification, as <c>phy:/dev/vg01/more,xvdb,w</c>.</summary>
[Codec]
public sealed partial record AttachDisk(ushort Domain, string Spec);

/// <summary>To the toolstack: <c>xl block-detach</c>, with <c>--force</c> or without.</summary>
[Codec]
public sealed partial record DetachDisk(ushort Domain, string Vdev, bool Force);

/// <summary>To the toolstack: <c>xl network-attach</c> with one vif specification, as <c>mac=00:16:3e:00:00:02,bridge=xenbr0</c>.</summary>
[Codec]
public sealed partial record AttachNic(ushort Domain, string Spec);

/// <summary>To the toolstack: <c>xl network-detach</c> by device number.</summary>
[Codec]
public readonly partial record struct DetachNic(ushort Domain, int Devid);

/// <summary>How a suspended guest goes on in its place.</summary>
public enum ResumeMode : byte
{
    /// <summary>As <c>xl save -c</c>: its hypercall says that it was cancelled, and all that it had is still there.</summary>
    Cancelled,

    /// <summary>As after <c>xl restore</c>: devices, rings, grants and event channels are new, and its drivers reconnect.</summary>
    Reconnect,
}

/// <summary>To the toolstack: the guest suspends, and goes on at once.</summary>
[Codec]
public readonly partial record struct SuspendGuest(ushort Domain, ResumeMode Mode);

/// <summary>What a command is; its name is xl's.</summary>
public enum XlCommandKind : byte
{
    Destroy,
    Shutdown,
    Reboot,
    Pause,
    Unpause,
    BlockAttach,
    BlockDetach,
    NetworkAttach,
    NetworkDetach,
    Suspend,
}

/// <summary>Within the toolstack: a command for the guest of this process.</summary>
/// <param name="Text">A specification, a device.</param>
/// <param name="Flag">Forced; or the devices are to be new after a suspend.</param>
[Codec]
public readonly partial record struct XlCommand(ActorRef Requester, XlCommandKind Kind, ushort Domain, string Text, bool Flag);

/// <summary>To the requester: a command has ended, well or in xl's words for why not.</summary>
[Codec]
public readonly partial record struct CommandEnded(XlCommandKind Kind, ushort Domain, string Text, bool Ok, string Message);

/// <summary>Within the toolstack: the guest is gone, and is to be made anew from its configuration.</summary>
[Codec]
public readonly partial record struct RestartGuest(ushort Domain);

/// <summary>Within the toolstack: the guest is gone; its xl process has ended.</summary>
[Codec]
public readonly partial record struct GuestEnded(ushort Domain);

/// <summary>To whoever ordered the guest: it runs again under another number, or xl's words for why not.</summary>
[Codec]
public readonly partial record struct GuestRestarted(ushort Domain, ushort NewDomain, bool Ok, string Message);

/// <summary>
/// To an xl process, from outside: SIGKILL. Its children are init's then and go on; of the domain's end nobody takes notice any more. Other commands for the domain
/// are processes of their own.
/// </summary>
[Codec]
public readonly partial record struct XlKilled;

/// <summary>Within the toolstack: the guest is down, and goes on; where the order says so, with devices that are made anew.</summary>
[Codec]
public readonly partial record struct GuestSuspended(XlCommand Order);

/// <summary>The toolstack's timer: the guest has had its time to answer.</summary>
[Codec]
public readonly partial record struct CommandDue;
