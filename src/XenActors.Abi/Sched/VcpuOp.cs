namespace XenActors.Abi;

/// <summary>Operations of HYPERVISOR_vcpu_op. Source: <c>public/vcpu.h</c>.</summary>
[XenConstants("VCPUOP_")]
public enum VcpuOp : uint
{
    Initialise = 0,
    Up = 1,
    Down = 2,
    IsUp = 3,
    GetRunstateInfo = 4,
    RegisterRunstateMemoryArea = 5,
    SetPeriodicTimer = 6,
    StopPeriodicTimer = 7,
    SetSingleshotTimer = 8,
    StopSingleshotTimer = 9,
    RegisterVcpuInfo = 10,
    SendNmi = 11,
    GetPhysid = 12,
    RegisterVcpuTimeMemoryArea = 13,
}
