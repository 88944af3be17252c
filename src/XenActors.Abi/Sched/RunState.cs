namespace XenActors.Abi;

/// <summary>What a vCPU is doing. Source: <c>public/vcpu.h</c>.</summary>
[XenConstants("RUNSTATE_")]
public enum RunState : int
{
    Running = 0,
    Runnable = 1,
    Blocked = 2,
    Offline = 3,
}
