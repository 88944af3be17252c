using XenActors.Hocon;

namespace XenActors.Experiments.Profiles;

/// <summary>Every name that a kernel profile may use, so that a slip of the pen is an error and not a kernel without a feature.</summary>
public static class KernelNames
{
    private const string TimePrefix = "us-";
    private const string BuiltInSuffix = "-builtin";
    private const string VersionPrefix = "ethtool-version-";

    public static readonly IReadOnlyList<string> Settings = ["release", "features", "numbers", "messages", "modules", "root-modules"];

    public static readonly IReadOnlyList<string> Features =
    [
        "balloon-hvm", "blkfront-discard", "blkfront-feature-persistent", "blkfront-flush", "blkfront-indirect", "blkfront-late-eoi", "blkfront-persistent-grants", "blkfront-refuses-when-open",
        "blkfront-takes-cdroms", "console-ignored", "early-clock", "emul-unplug", "fifo-events", "frontends-check-unplug",
        "hpet-clocksource", "hvm-ipis", "hvm-pirqs", "ide-names", "modules-by-alias", "netfront-gso-tcpv6", "netfront-late-eoi", "netfront-multi-queue",
        "netfront-split-event-channels", "netfront-xdp", "nopv", "partition-unknown-printed", "partitions-show-removable",
        "partitions-within-minors", "platform-pci-needs-unplug", "protocol", "resume-without-unplug", "sci-pirq", "unplug-by-module", "unplug-ignore-token", "unplug-needs-platform-pci",
        "usb-gsi-at-quirks", "vector-callback", "x86-32", "xen-blkfront", "xen-netfront", "xen-platform-pci", "xen-pvhvm",
        "xenbus-control-features", "xenbus-reset-watches", "xenbus-without-platform",
    ];

    public static readonly IReadOnlyList<string> Numbers =
        ["blkfront-max-indirect-segments", "blkfront-max-queues", "blkfront-max-ring-page-order", "dev-unplug-default", "netfront-max-queues", "root-wait-seconds"];

    public static readonly IReadOnlyList<string> Messages =
    [
        "8139cp-banner", "8139cp-probe", "acpi-facs", "acpi-rsdp", "acpi-table", "ata-disk", "ata-packet", "ata-piix-version", "ata-port",
        "ata-unknown", "balloon", "blkfront-bad-device", "blkfront-bounce-buffer", "blkfront-capacity", "blkfront-cdrom-refused",
        "blkfront-connected", "blkfront-disabled", "blkfront-illegal-responses", "blkfront-incorrect-id", "blkfront-indirect",
        "blkfront-max-queues-invalid", "blkfront-no-pending", "blkfront-not-xen-vbd", "blkfront-op-failed", "blkfront-persistent-grants",
        "blkfront-still-granted", "blkfront-wrong-operation",
        "booting", "booting-pv", "bootconsole-disabled", "bootconsole-enabled", "cdrom-driver", "clocksource-switch", "clocksource-xen",
        "command-line", "disk-capacity-change", "dmi", "e1000-banner", "e1000-probe", "ethtool", "fifo-events", "grant-table", "grant-table-version",
        "hypervisor-detected", "installing-timer", "kbdfront-keyboard", "kbdfront-pointer", "kernel-command-line", "libata-version",
        "linux-version", "netfront-init", "netfront-no-rx-copy", "netfront-xdp", "no-pvclock", "panic", "pci-device", "pci-enabling", "pci-int",
        "pirq", "pirq-failed", "platform-callback-failed", "platform-no-resources", "power-down", "restarting", "root-missing", "root-missing-reason",
        "root-unset-reason", "scsi-device", "scsi-host", "scsi-subsystem", "sd-attached", "sd-details", "sd-size", "shutdown-ignored", "spinlocks-disabled", "spinlocks-enabled", "sr-attached",
        "sr-drive", "two-level-events", "unplug-blacklisted", "unplug-disks", "unplug-magic", "unplug-nics", "unplug-protocol",
        "unplug-unknown-protocol", "unplug-unrecognised", "vcpuop-timer", "vector-callback", "vector-callback-failed", "xen-balloon",
        "xen-nopv-deprecated", "xen-version", "xen-version-pv", "xenbus-error", "xenbus-no-driver", "xenbus-probe-failed", "xenbus-shutdown-skipping", "xenbus-shutdown-timeout", "xenbus-timeout",
    ];

    /// <exception cref="HoconException">A key that is no name of these, at its place.</exception>
    public static void Check(HoconObject section, IReadOnlyList<string> known, string kind)
    {
        foreach (var key in section.Keys)
        {
            if (!Contains(known, key) && !IsFamily(known, key) && section.TryGetField(key, out var value))
            {
                throw new HoconException(value.Origin, $"expected a {kind} of kernels but found '{key}'{Nearest(key, known)}");
            }
        }
    }

    /// <summary>The known name with the least edit distance, as a question; nothing when none is near.</summary>
    public static string Nearest(string name, IReadOnlyList<string> known)
    {
        var (best, distance) = ("", Math.Max(2, name.Length / 3) + 1);
        foreach (var candidate in known)
        {
            var d = Distance(name, candidate);
            if (d < distance)
            {
                (best, distance) = (candidate, d);
            }
        }

        return best.Length == 0 ? "" : $", did you mean '{best}'?";
    }

    private static bool IsFamily(IReadOnlyList<string> known, string key) =>
        (ReferenceEquals(known, Numbers) && key.StartsWith(TimePrefix, StringComparison.Ordinal)) ||
        (ReferenceEquals(known, Features) && key.EndsWith(BuiltInSuffix, StringComparison.Ordinal)) ||
        (ReferenceEquals(known, Messages) && key.StartsWith(VersionPrefix, StringComparison.Ordinal));

    private static bool Contains(IReadOnlyList<string> known, string name)
    {
        foreach (var one in known)
        {
            if (one == name)
            {
                return true;
            }
        }

        return false;
    }

    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
