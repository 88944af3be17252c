using XenActors.Hocon;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Machine.Disks;
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
            config, "xen", "toolstack", "first-domain", "dom0", "device-model", "firmware", "backend", "disk", "costs", "latency", "volumes", "bridge",
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
            Disk = Disk(host.Object("disk")),
            Costs = Costs(host.Object("costs")) with { Link = new(host.Object("latency").GetDurationNs("link")) },
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
        var model = new HostSettings(section, "kind", "platform-device", "pci-order", "drive-revision", "grant-copy");
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
            GrantCopy = model.Flag("grant-copy"),
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

    private static DiskProfile Disk(HoconObject section)
    {
        var disk = new HostSettings(
            section, "latency", "sequential-latency", "bandwidth", "queue-depth", "write-cache", "cache-latency", "flush-latency");
        return new()
        {
            Latency = new(disk.DurationNs("latency")),
            SequentialLatency = new(disk.DurationNs("sequential-latency")),
            Bandwidth = disk.Size("bandwidth", 1),
            QueueDepth = disk.Int("queue-depth", 1, DiskProfile.QueueDepthMax),
            WriteCache = disk.Bytes("write-cache"),
            CacheLatency = new(disk.DurationNs("cache-latency")),
            FlushLatency = new(disk.DurationNs("flush-latency")),
        };
    }

    private static HostCosts Costs(HoconObject section)
    {
        var costs = new HostSettings(
            section, "exit", "hypercall", "pv-hypercall", "event", "wake", "eoi", "interrupt-controller", "upcall", "dispatch", "grant-map", "grant-map-next", "grant-unmap", "tlb-flush", "grant-copy",
            "grant-copy-bandwidth", "copy-bandwidth", "ioreq", "guest-block", "backend-block", "device-model-block");
        return new()
        {
            Exit = new(costs.DurationNs("exit", 0)),
            Hypercall = new(costs.DurationNs("hypercall", 0)),
            PvHypercall = new(costs.DurationNs("pv-hypercall", 0)),
            Event = new(costs.DurationNs("event", 0)),
            Wake = new(costs.DurationNs("wake", 0)),
            Eoi = new(costs.DurationNs("eoi", 0)),
            InterruptController = new(costs.DurationNs("interrupt-controller", 0)),
            Upcall = new(costs.DurationNs("upcall", 0)),
            Dispatch = new(costs.DurationNs("dispatch", 0)),
            GrantMap = new(costs.DurationNs("grant-map", 0)),
            GrantMapNext = new(costs.DurationNs("grant-map-next", 0)),
            GrantUnmap = new(costs.DurationNs("grant-unmap", 0)),
            TlbFlush = new(costs.DurationNs("tlb-flush", 0)),
            GrantCopy = new(costs.DurationNs("grant-copy", 0)),
            GrantCopyBandwidth = costs.Size("grant-copy-bandwidth", 1),
            CopyBandwidth = costs.Size("copy-bandwidth", 1),
            Ioreq = new(costs.DurationNs("ioreq", 0)),
            GuestBlock = new(costs.DurationNs("guest-block", 0)),
            BackendBlock = new(costs.DurationNs("backend-block", 0)),
            DeviceModelBlock = new(costs.DurationNs("device-model-block", 0)),
        };
    }

    private static HostLatencies Latencies(HoconObject section)
    {
        var latency = new HostSettings(
            section, "link", "xenstored", "script", "build", "device-model-start", "jitter-percent");
        return new()
        {
            Link = new(latency.DurationNs("link")),
            Xenstored = new(latency.DurationNs("xenstored")),
            Script = new(latency.DurationNs("script")),
            Build = new(latency.DurationNs("build")),
            DeviceModelStart = new(latency.DurationNs("device-model-start")),
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
