namespace XenActors.Abi;

/// <summary>Bit numbers of feature submap 0. Source: <c>public/features.h</c>.</summary>
[XenConstants("XENFEAT_")]
public enum XenFeature : int
{
    WritablePageTables = 0,
    WritableDescriptorTables = 1,
    AutoTranslatedPhysmap = 2,
    SupervisorModeKernel = 3,
    PaePgdirAbove4gb = 4,
    MmuPtUpdatePreserveAd = 5,
    HighmemAssist = 6,
    GnttabMapAvailBits = 7,
    HvmCallbackVector = 8,
    HvmSafePvclock = 9,
    HvmPirqs = 10,
    Dom0 = 11,
    MemoryOpVnodeSupported = 13,
    ARMSMCCCSupported = 14,
    LinuxRsdpUnrestricted = 15,
    NotDirectMapped = 16,
    DirectMapped = 17,
}
