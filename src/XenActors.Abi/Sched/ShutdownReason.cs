namespace XenActors.Abi;

/// <summary>Why a domain went down. Source: <c>public/sched.h</c>.</summary>
[XenConstants("SHUTDOWN_")]
public enum ShutdownReason : uint
{
    Poweroff = 0,
    Reboot = 1,
    Suspend = 2,
    Crash = 3,
    Watchdog = 4,
    SoftReset = 5,
}
