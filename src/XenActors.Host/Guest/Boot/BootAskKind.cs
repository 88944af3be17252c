namespace XenActors.Guest.Boot;

/// <summary>What a step of the boot may ask for.</summary>
public enum BootAskKind
{
    None,

    // Answered by the domain.
    Cpuid,
    Hypercall,
    PortRead,
    PortWrite,
    PciRead,
    PciWrite,

    // Answered by one of libata's ports.
    AtaReset,
    Ata,

    // Answered by xenbus, the block layer or the clock.
    Sleep,
    XenbusDevices,
    XenbusSettled,
    ScansDone,
    RootDisk,

    // Done by the kernel at once.
    StartXenbus,
    RegisterDriver,
    AddAtaDisk,
    AddNic,
}
