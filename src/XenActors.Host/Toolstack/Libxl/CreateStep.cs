using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>The steps of a creation; which of them, and in which order, is the toolstack's choice (<see cref="CreateSteps"/>).</summary>
public enum CreateStepKind
{
    /// <summary>Reads all names; a second domain of one name ends here.</summary>
    CheckName,
    MakeDomain,

    /// <summary>DOMCTL_createdomain and the builder.</summary>
    Build,
    Describe,
    AddDisk,

    /// <summary>Waits until the backend reaches InitWait.</summary>
    DiskBackend,
    DiskScript,
    DisksReady,
    Console,
    Keyboard,
    Framebuffer,
    HvmloaderKeys,
    DeviceModelDir,
    DeviceModel,
    DeviceModelRunning,

    /// <summary>Asks QEMU over its socket which pty and which VNC display it has.</summary>
    QueryDeviceModel,
    SerialTty,
    VncKeys,
    AddNic,
    NicBackend,
    NicScript,
    TapScript,
    NicsReady,
    ConsoleTty,
    Unpause,

    /// <summary>After a suspend: xenstored is to tell the domain's next end again.</summary>
    ResumeStore,
}

/// <summary>One step, for one device where it is about devices.</summary>
[Codec]
public readonly partial record struct CreateStep(CreateStepKind Kind, int Index)
{
    public override string ToString() => $"{Kind} {Index}";
}
