namespace XenActors.Abi;

/// <summary>Operations of HYPERVISOR_hvm_op. Source: <c>public/hvm/hvm_op.h</c>.</summary>
[XenConstants("HVMOP_")]
public enum HvmOp : uint
{
    SetParam = 0,
    GetParam = 1,
    FlushTlbs = 5,
    PagetableDying = 9,
    GetTime = 10,
    Xentrace = 11,
    GetMemType = 15,
    SetEvtchnUpcallVector = 23,
}
