using System.Globalization;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Faults;

/// <summary>A guest's device and where its two ends live.</summary>
/// <param name="Type">As in xenstore: <c>vbd</c>, <c>vif</c>.</param>
/// <param name="Number">As in xenstore: 768, 51712, 0.</param>
public sealed record DevicePlace(ushort Domain, string Type, uint Number)
{
    /// <summary>A guest's disk or NIC by its name, as <c>xvda</c> or <c>vif0</c>; null when it is neither.</summary>
    /// <param name="config">The guest's: a disk that stands there as hda is xvda too, as its kernel calls it.</param>
    public static DevicePlace? Named(ushort domain, string name, DomainConfig? config = null)
    {
        if (name.StartsWith("vif", StringComparison.Ordinal) && uint.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var vif))
        {
            return new(domain, "vif", vif);
        }

        if (!VirtualDevice.TryParse(name, out var disk))
        {
            return null;
        }

        uint? called = null;
        foreach (var spec in config?.Disks ?? [])
        {
            if (!VirtualDevice.TryParse(spec.Vdev, out var known))
            {
                continue;
            }

            if (known.Number == disk.Number)
            {
                return new(domain, "vbd", disk.Number);
            }

            called ??= LinuxDisk.NameOf(known.Number) == name ? known.Number : null;
        }

        return new(domain, "vbd", called ?? disk.Number);
    }

    /// <summary>As checkers name it: <c>dom1/vbd/768</c>.</summary>
    public string Scope => $"dom{Domain}/{Type}/{Number}";

    /// <summary>In the guest's kernel.</summary>
    public string Front => $"dom{Domain}/xenbus/{Type}-{Number}";

    /// <summary>In dom0's kernel, and in QEMU where it serves the device.</summary>
    public IReadOnlyList<string> Back => Type == "vbd"
        ? [$"dom0/xenbus/vbd-{Domain}-{Number}", $"dom0/toolstack/xl-*/qemu-{Domain}/xenbus/qdisk-{Number}"]
        : [$"dom0/xenbus/{Type}-{Domain}-{Number}"];

    /// <summary>Its directory in the guest's part of the store.</summary>
    public string FrontNode => $"/local/domain/{Domain}/device/{Type}/{Number}";

    public string BackNode => $"/local/domain/0/backend/{Type}/{Domain}/{Number}";
}
