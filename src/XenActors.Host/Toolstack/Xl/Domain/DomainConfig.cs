namespace XenActors.Toolstack.Xl;

/// <summary>
/// A domain as xl understood its configuration file (libxl_domain_config). Null was not given; what libxl then takes
/// stands in <see cref="XlKeys"/>. Keys without a property are reached through <see cref="File"/>.
/// </summary>
public sealed record DomainConfig
{
    private const long MemoryMibDefault = 32;

    public required XlConfigFile File { get; init; }

    public DomainType Type { get; init; } = DomainType.Pv;

    public string Name { get; init; } = "";

    /// <summary>In lower case; null asks for a random one.</summary>
    public string? Uuid { get; init; }

    public string? Pool { get; init; }

    public string? SecurityLabel { get; init; }

    public bool? Hap { get; init; }

    public bool? DriverDomain { get; init; }

    /// <summary>MiB.</summary>
    public long? Memory { get; init; }

    /// <summary>MiB.</summary>
    public long? MaxMem { get; init; }

    /// <summary>MiB.</summary>
    public long? ShadowMemory { get; init; }

    /// <summary>MiB.</summary>
    public long? VideoRam { get; init; }

    /// <summary>What the domain starts with, in KiB.</summary>
    public ulong TargetMemKb => Kb(Memory ?? MemoryMibDefault);

    /// <summary>What it may grow to, in KiB.</summary>
    public ulong MaxMemKb => Kb(MaxMem ?? Memory ?? MemoryMibDefault);

    /// <summary>As given; 0 counts as not given, see <see cref="VcpusOnline"/>.</summary>
    public long? Vcpus { get; init; }

    public long? MaxVcpus { get; init; }

    public long VcpusOnline => Vcpus is > 0 and var given ? given : 1;

    public long VcpusMax => Math.Max(MaxVcpus ?? 0, VcpusOnline);

    public long? CpuWeight { get; init; }

    public long? Cap { get; init; }

    public ShutdownAction OnPoweroff { get; init; } = ShutdownAction.Destroy;

    public ShutdownAction OnReboot { get; init; } = ShutdownAction.Restart;

    public ShutdownAction OnWatchdog { get; init; } = ShutdownAction.Destroy;

    public ShutdownAction OnCrash { get; init; } = ShutdownAction.Destroy;

    public ShutdownAction OnSoftReset { get; init; } = ShutdownAction.SoftReset;

    public TscMode TscMode { get; init; }

    public TimerMode? TimerMode { get; init; }

    public long? RtcTimeoffset { get; init; }

    public bool? Localtime { get; init; }

    public bool? Acpi { get; init; }

    public bool? Apic { get; init; }

    public bool? NestedHvm { get; init; }

    public bool? NoMigrate { get; init; }

    public bool? E820Host { get; init; }

    public string? Kernel { get; init; }

    public string? Ramdisk { get; init; }

    /// <summary>The kernel's command line: cmdline, or root and extra put together.</summary>
    public string? Cmdline { get; init; }

    public string? Root { get; init; }

    public string? Extra { get; init; }

    public string? Bootloader { get; init; }

    public IReadOnlyList<string> BootloaderArgs { get; init; } = [];

    public long? MaxGrantFrames { get; init; }

    public long? MaxMaptrackFrames { get; init; }

    public long? MaxGrantVersion { get; init; }

    public long? EventChannels { get; init; }

    public DeviceModelVersion? DeviceModelVersion { get; init; }

    public string? DeviceModelOverride { get; init; }

    public bool? DeviceModelStubdomain { get; init; }

    public bool? DmRestrict { get; init; }

    public IReadOnlyList<string> DeviceModelArgs { get; init; } = [];

    public IReadOnlyList<string> DeviceModelArgsPv { get; init; } = [];

    public IReadOnlyList<string> DeviceModelArgsHvm { get; init; } = [];

    /// <summary>Null for PV and PVH guests.</summary>
    public HvmConfig? Hvm { get; init; }

    public IReadOnlyList<DiskSpec> Disks { get; init; } = [];

    public IReadOnlyList<VifSpec> Nics { get; init; } = [];

    public IReadOnlyList<VfbSpec> Vfbs { get; init; } = [];

    // xl multiplies in 64 bits and lets them wrap; libxl is left to refuse what comes out.
    internal static ulong Kb(long mib) => unchecked((ulong)mib * 1024);
}
