using XenActors.Hocon;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Profiles;

/// <summary>From a resolved document to a host; every setting is required, and none that is unknown passes.</summary>
internal static class HostBinder
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;
    private const int VcpusMax = 4096;

    public static HostProfile Bind(HoconObject config, string name)
    {
        var host = new HostSettings(
            config, "xen", "toolstack", "first-domain", "dom0", "device-model", "firmware", "backend", "latency", "volumes", "bridge",
            "scripts-dir");
        var xen = new HostSettings(host.Object("xen"), "version", "features", "gsi-count");
        var version = new HostSettings(xen.Object("version"), "major", "minor", "extra");
        return new()
        {
            Name = name,
            XenMajor = version.Int("major", 3, 99),
            XenMinor = version.Int("minor", 0, 99),
            XenExtra = version.Text("extra"),
            Features = (uint)xen.Bits("features", uint.MaxValue),
            GsiCount = xen.Int("gsi-count", 16, 1024),
            Toolstack = host.OneOf("toolstack", ("xl", ToolstackKind.Xl), ("xend", ToolstackKind.Xend)),
            FirstDomain = (ushort)host.Int("first-domain", 1, 0x7fef),
            Dom0 = Dom0(host.Object("dom0")),
            DeviceModel = DeviceModel(host.Object("device-model")),
            Firmware = Firmware(host.Object("firmware")),
            Backend = Backend(host.Object("backend")),
            Latencies = Latencies(host.Object("latency")),
            Volumes = Volumes(host.Object("volumes")),
            Bridge = host.Text("bridge"),
            ScriptsDir = host.Text("scripts-dir"),
        };
    }

    private static Dom0Profile Dom0(HoconObject section)
    {
        var dom0 = new HostSettings(section, "vcpus", "memory", "kernel", "device-model");
        return new()
        {
            Vcpus = dom0.Int("vcpus", 1, VcpusMax),
            Memory = dom0.Size("memory", MiB),
            Kernel = dom0.Text("kernel"),
            DeviceModel = dom0.Flag("device-model"),
        };
    }

    private static DeviceModelProfile DeviceModel(HoconObject section)
    {
        var model = new HostSettings(section, "kind", "platform-device", "pci-order", "drive-revision");
        var order = model.Texts("pci-order");
        foreach (var part in order)
        {
            if (part is not ("platform" or "vga" or "nics"))
            {
                throw model.Wrong("pci-order", $"platform, vga and nics{HostSettings.Nearest(part, ["platform", "vga", "nics"])}");
            }
        }

        return new()
        {
            Kind = model.OneOf("kind", ("qemu_xen", "qemu_xen"), ("qemu_xen_traditional", "qemu_xen_traditional")),
            PlatformDevice = model.Flag("platform-device"),
            PciOrder = order,
            DriveRevision = model.Text("drive-revision"),
        };
    }

    private static Firmware Firmware(HoconObject section)
    {
        var firmware = new HostSettings(section, "manufacturer", "product", "bios-version", "bios-date", "acpi", "pnp-gsis");
        List<AcpiTable> tables = [];
        foreach (var entry in firmware.Objects("acpi"))
        {
            tables.Add(Table(entry));
        }

        return new()
        {
            Manufacturer = firmware.Text("manufacturer"),
            Product = firmware.Text("product"),
            BiosVersion = firmware.Text("bios-version"),
            BiosDate = firmware.Text("bios-date"),
            Acpi = tables,
            PnpGsis = firmware.Ints("pnp-gsis"),
        };
    }

    private static AcpiTable Table(HoconObject section)
    {
        var table = new HostSettings(
            section, "signature", "address", "length", "revision", "oem-id", "oem-table-id", "oem-revision", "compiler-id", "compiler-revision");
        return new(
            table.Text("signature"), table.Bits("address", ulong.MaxValue), (uint)table.Bits("length", uint.MaxValue),
            (int)table.Bits("revision", byte.MaxValue, 0), table.Text("oem-id", ""), table.Text("oem-table-id", ""),
            (uint)table.Bits("oem-revision", uint.MaxValue, 0), table.Text("compiler-id", ""), (uint)table.Bits("compiler-revision", uint.MaxValue, 0));
    }

    private static BackendKeys Backend(HoconObject section)
    {
        var backend = new HostSettings(section, "vbd", "vif");
        var (vbd, vif) = (new HostSettings(backend.Object("vbd"), "probe", "connect"), new HostSettings(backend.Object("vif"), "probe"));
        return new() { VbdProbe = Keys(vbd.Object("probe")), VbdConnect = Keys(vbd.Object("connect")), VifProbe = Keys(vif.Object("probe")) };
    }

    // The names are the kernel's to choose: any will do. Null takes an inherited key away.
    private static List<BackendKey> Keys(HoconObject section)
    {
        List<BackendKey> keys = [];
        foreach (var key in section.Keys)
        {
            if (section.TryGetField(key, out var value) && !value.IsNull)
            {
                keys.Add(new(key, value.AsString(key)));
            }
        }

        return keys;
    }

    private static HostLatencies Latencies(HoconObject section)
    {
        var latency = new HostSettings(
            section, "link", "xenstored", "script", "build", "device-model-start", "ioreq", "disk", "disk-bandwidth", "jitter-percent");
        return new()
        {
            Link = new(latency.DurationNs("link")),
            Xenstored = new(latency.DurationNs("xenstored")),
            Script = new(latency.DurationNs("script")),
            Build = new(latency.DurationNs("build")),
            DeviceModelStart = new(latency.DurationNs("device-model-start")),
            Ioreq = new(latency.DurationNs("ioreq")),
            Disk = new(latency.DurationNs("disk")),
            DiskBandwidth = latency.Size("disk-bandwidth", 1),
            JitterPercent = latency.Int("jitter-percent", 0, 100),
        };
    }

    private static DefaultVolumes Volumes(HoconObject section)
    {
        var volumes = new HostSettings(section, "disk-size", "partitions", "cdrom-sectors");
        return new()
        {
            DiskSize = volumes.Size("disk-size", KiB),
            Partitions = volumes.Sizes("partitions", KiB),
            CdromSectors = volumes.Long("cdrom-sectors", 1),
        };
    }
}
