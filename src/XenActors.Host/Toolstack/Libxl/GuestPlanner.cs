using XenActors.Abi;
using XenActors.Hypervisor.Domains;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;
using XlType = XenActors.Toolstack.Xl.DomainType;
using XenType = XenActors.Hypervisor.Domains.DomainType;

namespace XenActors.Toolstack.Libxl;

/// <summary>From xl's reading of a file to what libxl will do on this host: all defaults, no I/O but a look at the volumes.</summary>
public static class GuestPlanner
{
    private const long CirrusVideoKb = 8 * 1024;
    private const long StdVideoKb = 16 * 1024;
    private const int VncPortBase = 5900;

    // XEN_DOMCTL_GRANT_version_mask
    private const long GrantVersionMask = 15;

    /// <summary>A UUID in the file wins over the one that the request brings, as it does in xl.</summary>
    public static GuestPlanResult Plan(CreateGuest request, HostProfile host, IVolumes volumes, int vncDisplay, ref RandomStream random)
    {
        var parsed = DomainConfigParser.Parse(request.ConfigText, request.FileName);
        List<string> errors = [];
        if (parsed.Config is not { } config)
        {
            foreach (var line in parsed.Diagnostics)
            {
                errors.Add(line.Text);
            }

            return new(null, errors);
        }

        if (GrantError(config) is { } grants)
        {
            return new(null, [grants]);
        }

        var hvm = config.Type == XlType.Hvm;
        List<DiskPlan> disks = [];
        foreach (var disk in config.Disks)
        {
            if (DiskPlanner.Plan(disk, hvm, host, volumes, errors) is not { } planned)
            {
                return new(null, errors);
            }

            disks.Add(planned);
        }

        List<NicPlan> nics = [];
        for (var i = 0; i < config.Nics.Count; i++)
        {
            if (!hvm && config.Nics[i].Type == NicType.VifIoemu)
            {
                return new(null, ["trying to create PV or PVH guest with an emulated interface"]);
            }

            nics.Add(NicPlanner.Plan(config.Nics[i], i, hvm, host, ref random));
        }

        return new(Assemble(request, config, host, disks, nics, vncDisplay), errors);
    }

    // What libxl looks at itself, and what XEN_DOMCTL_createdomain refuses.
    private static string? GrantError(DomainConfig config)
    {
        if (config.MaxGrantVersion > GrantVersionMask)
        {
            return $"max grant version {config.MaxGrantVersion} out of range";
        }

        return config.MaxGrantVersion is < 1 or > GrantTable.VersionMaxDefault || config.MaxGrantFrames < 1
            ? "domain creation fail: Invalid argument"
            : null;
    }

    private static GuestPlan Assemble(
        CreateGuest request, DomainConfig config, HostProfile host, List<DiskPlan> disks, List<NicPlan> nics, int vncDisplay)
    {
        var hvm = config.Hvm;
        var video = VideoKb(config);
        var vnc = hvm is { Vnc.Enable: not false } ? hvm.Vnc.Listen ?? "127.0.0.1" : "";
        var framebuffers = Framebuffers(config);
        return new()
        {
            Spec = Spec(request, config, host),
            MaxKb = (long)config.MaxMemKb,
            TargetKb = (long)config.TargetMemKb - video,
            VideoKb = video,
            VcpusOnline = (int)config.VcpusOnline,
            Acpi = config.Acpi ?? true,
            AcpiS3 = hvm?.AcpiS3 ?? true,
            AcpiS4 = hvm?.AcpiS4 ?? true,
            Bios = hvm is null ? "" : BiosName(hvm, host),
            DeviceModel = hvm is null ? "" : host.DeviceModel.Kind,
            KernelPath = config.Kernel ?? "",
            RtcTimeoffset = config.RtcTimeoffset is { } offset and not 0 ? $"{offset}" : "",
            PlatformDevice = hvm is not null && host.DeviceModel.PlatformDevice && hvm.XenPlatformPci != false,
            Usb = hvm?.Usb == true || hvm?.UsbDevice is not null || hvm?.UsbDeviceList is not null,
            Vga = hvm is null ? "none" : VgaName(hvm.Vga),
            SerialPty = hvm?.Serial == "pty" || hvm?.SerialList is { Count: > 0 },
            VncListen = vnc,
            VncPort = VncPortBase + (int)Math.Clamp((hvm?.Vnc.Display ?? 0) + (hvm?.Vnc.FindUnused == false ? 0 : vncDisplay), 0, 59_000),
            Keyboards = hvm is null ? framebuffers.Count : hvm.VkbDevice == false ? 0 : 1,
            Framebuffers = framebuffers,
            Disks = disks,
            Nics = nics,
        };
    }

    private static DomainSpec Spec(CreateGuest request, DomainConfig config, HostProfile host) => new()
    {
        Domain = request.Domain,
        Name = config.Name,
        Uuid = config.Uuid ?? request.Uuid,
        Type = config.Type switch { XlType.Hvm => XenType.Hvm, XlType.Pvh => XenType.Pvh, _ => XenType.Pv },
        Memory = (long)config.TargetMemKb / 1024,
        Vcpus = (int)config.VcpusMax,
        CommandLine = request.CommandLineOverride.Length > 0 ? request.CommandLineOverride : config.Cmdline ?? "",
        Kernel = request.Kernel,
        Firmware = config.Type == XlType.Pv ? host.Firmware with { Acpi = [], PnpGsis = [] } : host.Firmware,
        Features = host.Features,
        XenMajor = host.XenMajor,
        XenMinor = host.XenMinor,
        GsiCount = host.GsiCount,
        Costs = host.Costs,
        EventChannelsMax = config.EventChannels is > 0 and var ports ? (uint)Math.Min(ports, EvtchnFifo.NrChannels) : EventChannels.PortMaxDefault,
        GrantFramesMax = (int)(config.MaxGrantFrames ?? GrantTable.FramesMaxDefault),
        MaptrackFramesMax = (int)(config.MaxMaptrackFrames ?? Maptrack.FramesMaxDefault),
        GrantVersionMax = (int)(config.MaxGrantVersion ?? GrantTable.VersionMaxDefault),
    };

    private static List<FramebufferPlan> Framebuffers(DomainConfig config)
    {
        List<FramebufferPlan> plans = [];
        foreach (var vfb in config.Vfbs)
        {
            plans.Add(new(vfb.Vnc.Listen ?? "127.0.0.1", (int)vfb.Vnc.Display, vfb.Vnc.FindUnused ?? true));
        }

        return plans;
    }

    // The video memory is the device model's and comes off what the guest gets.
    private static long VideoKb(DomainConfig config) => config.Hvm switch
    {
        null => 0,
        _ when config.VideoRam is { } given => given * 1024,
        { Vga: VgaKind.None } => 0,
        { Vga: VgaKind.Std } => StdVideoKb,
        { Vga: VgaKind.Qxl } => 128 * 1024,
        _ => CirrusVideoKb,
    };

    private static string VgaName(VgaKind? kind) => kind switch
    {
        VgaKind.None => "none",
        VgaKind.Std => "stdvga",
        VgaKind.Qxl => "qxl",
        _ => "cirrus",
    };

    private static string BiosName(HvmConfig hvm, HostProfile host) => hvm.Bios switch
    {
        BiosType.Rombios => "rombios",
        BiosType.Ovmf => "ovmf",
        BiosType.Seabios => "seabios",
        _ => host.DeviceModel.Kind == "qemu_xen" ? "seabios" : "rombios",
    };
}
