using XenActors.Hypervisor.Domains;
using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Machine;

/// <summary>A host as its software and settings: what Xen, its toolstack, dom0's kernel and QEMU are; <c>hocon/hosts/*.conf</c> describes each setting.</summary>
[Codec]
public sealed partial record HostProfile
{
    public required string Name { get; init; }

    public required int XenMajor { get; init; }

    public required int XenMinor { get; init; }

    /// <summary>As <c>.7</c>.</summary>
    public required string XenExtra { get; init; }

    /// <summary>XENFEAT bits of HVM guests, submap 0.</summary>
    public required uint Features { get; init; }

    public required int GsiCount { get; init; }

    public required ToolstackKind Toolstack { get; init; }

    /// <summary>The domain number that the first guest gets.</summary>
    public required ushort FirstDomain { get; init; }

    public required Dom0Profile Dom0 { get; init; }

    public required DeviceModelProfile DeviceModel { get; init; }

    public required Firmware Firmware { get; init; }

    public required BackendKeys Backend { get; init; }

    public required DiskProfile Disk { get; init; }

    public required HostCosts Costs { get; init; }

    public required HostLatencies Latencies { get; init; }

    public required DefaultVolumes Volumes { get; init; }

    /// <summary>The bridge of a vif that names none.</summary>
    public required string Bridge { get; init; }

    public required string ScriptsDir { get; init; }

    /// <summary>Of its hypervisor, xenstored, toolstack, backends and device models.</summary>
    public Defects Defects { get; init; }

    /// <summary>As <c>4.17.7</c>.</summary>
    public string XenVersion => $"{XenMajor}.{XenMinor}{XenExtra}";

    /// <summary>The FIFO layout of events needs Xen 4.4 and Linux 3.14.</summary>
    public bool FifoEventsInDom0 => (XenMajor, XenMinor).CompareTo((4, 4)) >= 0 && KernelSince(3, 14);

    /// <summary>What meets GNTST_eagain is done again, since Linux 3.7 ("Xen backend support for paged out grant targets"); before, it failed at once.</summary>
    public bool GrantRetriesInDom0 => KernelSince(3, 7);

    private bool KernelSince(int major, int minor) => System.Version.TryParse(KernelDigits, out var version) && version >= new Version(major, minor);

    // As much of the release as is numbers and dots.
    private string KernelDigits
    {
        get
        {
            var end = 0;
            while (end < Dom0.Kernel.Length && (char.IsAsciiDigit(Dom0.Kernel[end]) || Dom0.Kernel[end] == '.'))
            {
                end++;
            }

            return Dom0.Kernel[..end].TrimEnd('.');
        }
    }
}

public enum ToolstackKind
{
    /// <summary>xl over libxl.</summary>
    Xl,

    /// <summary>xm over xend, as hosts before Xen 4.2 had it.</summary>
    Xend,
}

[Codec]
public sealed partial record Dom0Profile
{
    public required int Vcpus { get; init; }

    /// <summary>MiB.</summary>
    public required long Memory { get; init; }

    /// <summary>Release, as <c>uname -r</c>.</summary>
    public required string Kernel { get; init; }

    /// <summary>A QEMU that serves dom0's own backends (Debian's xenstored.service starts one).</summary>
    public required bool DeviceModel { get; init; }
}

/// <summary>The QEMU that HVM guests get.</summary>
[Codec]
public sealed partial record DeviceModelProfile
{
    /// <summary>As the store names it: <c>qemu_xen</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether <c>xen_platform_pci</c> is known; before Xen 4.0 it was not.</summary>
    public required bool PlatformDevice { get; init; }

    /// <summary>The order of the slots from 2 on: <c>platform</c>, <c>vga</c>, <c>nics</c>.</summary>
    public required List<string> PciOrder { get; init; }

    /// <summary>ATA firmware revision of its drives, as <c>2.5+</c>.</summary>
    public required string DriveRevision { get; init; }

    /// <summary>Its disk backends copy (GNTTABOP_copy), as QEMU's do since 2.8, instead of mapping the frontend's pages.</summary>
    public required bool GrantCopy { get; init; }
}

/// <summary>One key that a backend driver writes. A value in braces is filled in by the driver: <c>{sectors}</c>, <c>{discard-granularity}</c>, ...</summary>
[Codec]
public readonly partial record struct BackendKey(string Name, string Value);

/// <summary>What dom0's kernel publishes about its backends, in its order.</summary>
[Codec]
public sealed partial record BackendKeys
{
    /// <summary>blkback, before InitWait.</summary>
    public required List<BackendKey> VbdProbe { get; init; }

    /// <summary>blkback, in the transaction before Connected.</summary>
    public required List<BackendKey> VbdConnect { get; init; }

    /// <summary>netback, before InitWait.</summary>
    public required List<BackendKey> VifProbe { get; init; }
}

/// <summary>How long things take on this host. None of it decides what happens, only when.</summary>
[Codec]
public sealed partial record HostLatencies
{
    /// <summary>Between any two domains: an event channel's way.</summary>
    public required VirtualDuration Link { get; init; }

    /// <summary>xenstored's work for one request.</summary>
    public required VirtualDuration Xenstored { get; init; }

    /// <summary>One hotplug script.</summary>
    public required VirtualDuration Script { get; init; }

    /// <summary>The domain's build: loading hvmloader, populating memory.</summary>
    public required VirtualDuration Build { get; init; }

    /// <summary>From QEMU's start to its first request.</summary>
    public required VirtualDuration DeviceModelStart { get; init; }

    /// <summary>Spread of all of these, in percent.</summary>
    public required int JitterPercent { get; init; }
}

/// <summary>The volumes of a run that brings none: a sparse disk with a partition table, and a CD image.</summary>
[Codec]
public sealed partial record DefaultVolumes
{
    /// <summary>KiB.</summary>
    public required long DiskSize { get; init; }

    /// <summary>KiB, one by one.</summary>
    public required List<long> Partitions { get; init; }

    /// <summary>Of 512 bytes.</summary>
    public required long CdromSectors { get; init; }
}
