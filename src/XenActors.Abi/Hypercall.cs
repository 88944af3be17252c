namespace XenActors.Abi;

/// <summary>Hypercall numbers. Source: <c>public/xen.h</c>.</summary>
[XenConstants("__HYPERVISOR_")]
public enum Hypercall : uint
{
    MemoryOp = 12,
    Multicall = 13,
    SetTimerOp = 15,
    XenVersion = 17,
    ConsoleIo = 18,
    GrantTableOp = 20,
    VmAssist = 21,
    VcpuOp = 24,
    MmuextOp = 26,
    SchedOp = 29,
    EventChannelOp = 32,
    PhysdevOp = 33,
    HvmOp = 34,
    Sysctl = 35,
    Domctl = 36,
    ArgoOp = 39,
    DmOp = 41,
    HypfsOp = 42,
}
