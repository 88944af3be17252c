using XenActors.Guest;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

public enum DomainType
{
    Hvm,
    Pv,
    Pvh,
}

/// <summary>What the hypervisor and the guest's kernel need to know about a domain; what xl's file says beyond that is the toolstack's.</summary>
[Codec]
public sealed partial record DomainSpec
{
    public required ushort Domain { get; init; }

    public required string Name { get; init; }

    public required string Uuid { get; init; }

    public required DomainType Type { get; init; }

    /// <summary>MiB.</summary>
    public required long Memory { get; init; }

    public required int Vcpus { get; init; }

    /// <summary>The guest kernel's command line.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The kernel on the guest's disk (or given by <c>kernel=</c>).</summary>
    public required KernelProfile Kernel { get; init; }

    /// <summary>The ACPI and SMBIOS tables that hvmloader puts into the guest's memory; empty for a PV guest.</summary>
    public required Firmware Firmware { get; init; }

    /// <summary>Xen's features of HVM guests on this host: XENFEAT bits, submap 0.</summary>
    public required uint Features { get; init; }

    public required int XenMajor { get; init; }

    public required int XenMinor { get; init; }

    /// <summary>What the machine's and the hypervisor's work takes on this host.</summary>
    public HostCosts Costs { get; init; } = HostCosts.Free;

    /// <summary>GSIs of the host's I/O APICs: where <c>get_free_pirq</c> ends before it goes on from the top.</summary>
    public required int GsiCount { get; init; }

    /// <summary>xl's <c>max_event_channels</c>: the highest port.</summary>
    public uint EventChannelsMax { get; init; } = EventChannels.EventChannels.PortMaxDefault;

    /// <summary>xl's <c>max_grant_frames</c>.</summary>
    public int GrantFramesMax { get; init; } = Grants.GrantTable.FramesMaxDefault;

    /// <summary>xl's <c>max_maptrack_frames</c>.</summary>
    public int MaptrackFramesMax { get; init; } = Grants.Maptrack.FramesMaxDefault;

    /// <summary>xl's <c>max_grant_version</c>.</summary>
    public int GrantVersionMax { get; init; } = Grants.GrantTable.VersionMaxDefault;

    /// <summary>Since Xen 4.5 a device model opens its server, and with it the ports; before that they were part of each vCPU.</summary>
    public bool HasIoreqServers => (XenMajor, XenMinor).CompareTo((4, 5)) >= 0;

    /// <summary>The FIFO layout came with Xen 4.4.</summary>
    public bool HasFifoEvents => (XenMajor, XenMinor).CompareTo((4, 4)) >= 0;
}

/// <summary>One ACPI table as the guest's kernel finds it in memory.</summary>
[Codec]
public sealed partial record AcpiTable(string Signature, ulong Address, uint Length, int Revision, string OemId, string OemTableId, uint OemRevision, string CompilerId, uint CompilerRevision);

/// <summary>What hvmloader leaves in the guest's memory.</summary>
[Codec]
public sealed partial record Firmware
{
    /// <summary>SMBIOS type 1: system manufacturer and product, as <c>Xen</c> and <c>HVM domU</c>.</summary>
    public required string Manufacturer { get; init; }

    public required string Product { get; init; }

    /// <summary>SMBIOS type 0, as <c>4.1.2</c> and <c>10/21/2011</c>.</summary>
    public required string BiosVersion { get; init; }

    public required string BiosDate { get; init; }

    /// <summary>In the order in which the kernel lists them; RSDP and XSDT first.</summary>
    public required List<AcpiTable> Acpi { get; init; }

    /// <summary>GSIs of the ISA devices in the DSDT, in its order: what PNP ACPI enumerates.</summary>
    public required List<int> PnpGsis { get; init; }
}
