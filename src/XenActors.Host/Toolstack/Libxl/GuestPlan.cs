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
