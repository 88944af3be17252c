namespace XenActors.Abi;

/// <summary>Operations of HYPERVISOR_memory_op that guests and toolstacks use. Source: <c>public/memory.h</c>.</summary>
[XenConstants("XENMEM_")]
public enum MemoryOp : uint
{
    IncreaseReservation = 0,
    DecreaseReservation = 1,
    MaximumRamPage = 2,
    CurrentReservation = 3,
    MaximumReservation = 4,
    PopulatePhysmap = 6,
    AddToPhysmap = 7,
    MemoryMap = 9,
    Exchange = 11,
    SetMemoryMap = 13,
    MaximumGpfn = 14,
    RemoveFromPhysmap = 15,
    SetPodTarget = 16,
    GetPodTarget = 17,
    AddToPhysmapBatch = 23,
    ClaimPages = 24,
    AcquireResource = 28,
}
