using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>What the steps of a boot have found out.</summary>
[Codec]
public sealed partial class BootFacts
{
    /// <summary>Xen's CPUID leaves were found (HVM), or the kernel was started through Xen's entry (PV).</summary>
    public bool OnXen { get; set; }

    public int XenMajor { get; set; }

    public int XenMinor { get; set; }

    /// <summary>Switched off by <c>nopv</c>.</summary>
    public bool NoPv { get; set; }

    /// <summary>XENFEAT bits, submap 0.</summary>
    public uint Features { get; set; }

    public bool VectorCallback { get; set; }

    /// <summary>Xen has taken the kernel's control blocks.</summary>
    public bool FifoEvents { get; set; }

    /// <summary>pirq by GSI, of the interrupts that were mapped.</summary>
    public SortedDictionary<int, ulong> Pirqs { get; } = [];

    /// <summary>What the command line asked to be unplugged.</summary>
    public uint UnplugAsked { get; set; }

    /// <summary>Linux' <c>xen_platform_pci_unplug</c>.</summary>
    public uint Unplug { get; set; }

    /// <summary>What was written to the port; null when nothing was.</summary>
    public ushort? UnplugWritten { get; set; }

    public UnplugRefusal Refusal { get; set; }

    public List<PciFunction> Pci { get; } = [];

    /// <summary>The platform device's driver has bound.</summary>
    public bool PlatformDriver { get; set; }

    public bool GrantTable { get; set; }

    public bool XenbusStarted { get; set; }

    /// <summary>BAR 4 of the IDE controller.</summary>
    public ushort IdeBusMaster { get; set; }

    public List<AtaDrive> AtaDrives { get; } = [];

    /// <summary>How many of the drives the disk driver and the CD driver have taken.</summary>
    public int DisksNamed { get; set; }

    public int CdromsNamed { get; set; }

    /// <summary>Linux' <c>xen_has_pv_devices</c>. All unplug bits count: one class unplugged lets both drivers in.</summary>
    public bool HasPvDevices(bool hvm) =>
        OnXen && !NoPv && (!hvm || (Unplug != 0 && (Unplug & UnplugState.Never) == 0));
}
