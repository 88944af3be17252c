using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>A configuration file with every default filled in: what libxl is going to do.</summary>
[Codec]
public sealed partial record GuestPlan
{
    public required DomainSpec Spec { get; init; }

    public required long TargetKb { get; init; }

    public required long MaxKb { get; init; }

    public required long VideoKb { get; init; }

    public required int VcpusOnline { get; init; }

    public required bool Acpi { get; init; }

    public required bool AcpiS3 { get; init; }

    public required bool AcpiS4 { get; init; }

    /// <summary>As hvmloader is told: <c>seabios</c>; empty for PV guests.</summary>
    public required string Bios { get; init; }

    /// <summary>libxl_device_model_version's name; empty without one.</summary>
    public required string DeviceModel { get; init; }

    /// <summary>PV guests: the kernel's path.</summary>
    public required string KernelPath { get; init; }

    public required string RtcTimeoffset { get; init; }

    public required bool PlatformDevice { get; init; }

    public required bool Usb { get; init; }

    public required string Vga { get; init; }

    public required bool SerialPty { get; init; }

    /// <summary>The address; empty when VNC is off.</summary>
    public required string VncListen { get; init; }

    public required int VncPort { get; init; }

    /// <summary>Keyboards: one for an HVM guest, one with each framebuffer of another.</summary>
    public required int Keyboards { get; init; }

    public required List<FramebufferPlan> Framebuffers { get; init; }

    public required List<DiskPlan> Disks { get; init; }

    public required List<NicPlan> Nics { get; init; }

    public bool IsHvm => Spec.Type == DomainType.Hvm;

    public ushort Domain => Spec.Domain;

    /// <summary>HVM guests always; others for what only QEMU serves.</summary>
    public bool NeedsQemu => IsHvm || Framebuffers.Count > 0 || Disks.Exists(d => d.Backend == DiskBackendKind.Qdisk);
}

/// <summary>A paravirtual framebuffer.</summary>
[Codec]
public sealed partial record FramebufferPlan(string VncListen, int VncDisplay, bool VncUnused);

public enum DiskBackendKind
{
    Phy,
    Qdisk,
}

/// <summary>A disk as it goes to the store.</summary>
[Codec]
public sealed partial record DiskPlan
{
    public required string Vdev { get; init; }

    public required uint Number { get; init; }

    public required DiskBackendKind Backend { get; init; }

    /// <summary>The target as configured; empty for an empty drive.</summary>
    public required string Path { get; init; }

    /// <summary>The backend's <c>params</c>.</summary>
    public required string Params { get; init; }

    /// <summary>The script's whole path; empty for none.</summary>
    public required string Script { get; init; }

    /// <summary>xend's name of the backend: <c>phy</c> or <c>file</c>; libxl's: <c>phy</c> or <c>qdisk</c>.</summary>
    public required string Type { get; init; }

    public required bool Writable { get; init; }

    public required bool Cdrom { get; init; }

    public required bool Removable { get; init; }

    public required bool Discard { get; init; }

    public required bool DirectIoSafe { get; init; }

    public required bool Trusted { get; init; }

    /// <summary>Whether the host has the image; an empty drive has.</summary>
    public required bool Present { get; init; }

    public required ulong Sectors { get; init; }

    public string Kind => Backend == DiskBackendKind.Phy ? "vbd" : "qdisk";

    public string DeviceType => Cdrom ? "cdrom" : "disk";
}

/// <summary>A network interface as it goes to the store.</summary>
[Codec]
public sealed partial record NicPlan
{
    public required int Devid { get; init; }

    public required string Mac { get; init; }

    public required string Bridge { get; init; }

    public required string Script { get; init; }

    public required string Model { get; init; }

    /// <summary>An emulated card stands beside the vif.</summary>
    public required bool Emulated { get; init; }

    /// <summary>The file said <c>type=ioemu</c>: xend then leaves the frontend without its MAC.</summary>
    public required bool IoemuAsked { get; init; }

    public required string VifName { get; init; }

    public required string Ip { get; init; }

    public required string GatewayDev { get; init; }

    /// <summary>As <c>20000,20000</c>; empty for none.</summary>
    public required string Rate { get; init; }

    public required int Mtu { get; init; }

    public required string Vlan { get; init; }

    public required bool Trusted { get; init; }

    public string Vif(ushort domain) => VifName.Length > 0 ? VifName : $"vif{domain}.{Devid}";

    public string Tap(ushort domain) => Vif(domain) + "-emu";
}
