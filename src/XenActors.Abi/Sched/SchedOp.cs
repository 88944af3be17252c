namespace XenActors.Abi;

/// <summary>Operations of HYPERVISOR_sched_op. Source: <c>public/sched.h</c>.</summary>
[XenConstants("SCHEDOP_")]
public enum SchedOp : uint
{
    Yield = 0,
    Block = 1,
    Shutdown = 2,
    Poll = 3,
    RemoteShutdown = 4,
    ShutdownCode = 5,
    Watchdog = 6,
    PinOverride = 7,
}
