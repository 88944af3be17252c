using XenActors.Guest.Block;
using XenActors.Guest.Net;

namespace XenActors.Guest;

/// <summary>One disk of the guest and where its bytes lie: two entries with one image are two paths to the same bytes.</summary>
/// <param name="GuestName">As the guest calls it: <c>xvda</c>, <c>sda</c>.</param>
/// <param name="VirtualDevice">As the configuration calls it: <c>hda</c>.</param>
/// <param name="Image">What lies behind it on the host.</param>
public readonly record struct DiskPath(string GuestName, string VirtualDevice, string Image);

/// <summary>
/// Is this guest on PV drivers, and if not, why not: the answer to the question that the reference page teaches to ask, in words for
/// somebody who asks it the first time.
/// </summary>
/// <param name="Disk">The root disk runs on blkfront.</param>
/// <param name="DiskReason">Why, or why not.</param>
/// <param name="Net">The first network device is a usable vif.</param>
/// <param name="Hazards">Ways in which this guest can destroy its data; empty for most.</param>
public sealed record GuestVerdict(bool Disk, string DiskReason, bool Net, string NetReason, IReadOnlyList<string> Hazards)
{
    public static GuestVerdict Of(GuestReport report, IReadOnlyList<DiskPath> paths)
    {
        var facts = report.Drivers;
        var (disk, diskReason) = OfDisk(report, facts);
        var (net, netReason) = OfNet(report, facts);
        return new(disk, diskReason, net, netReason, FindHazards(report, paths));
    }

    private static (bool, string) OfDisk(GuestReport report, DriverFacts facts)
    {
        foreach (var disk in facts.Disks)
        {
            var root = facts.RootDevice is { } name && name.StartsWith(disk.Name, StringComparison.Ordinal);
            if (root || (facts.RootDevice is null && disk.DriverName == "xen-blkfront"))
            {
                if (disk.DriverName == "xen-blkfront")
                {
                    return (true, $"{disk.Name} is driven by xen-blkfront");
                }

                if (FirstOfBlkfront(facts) is { } beside)
                {
                    return (false, $"the root file system lies on {disk.Name}, the emulated disk, though blkfront has {beside}: " +
                        "the emulated disk was not unplugged");
                }

                break;
            }
        }

        return (false, PvRefusal.WhyNot(report, "vbd", "xen-blkfront", "xen-vbd"));
    }

    private static string? FirstOfBlkfront(DriverFacts facts)
    {
        foreach (var disk in facts.Disks)
        {
            if (disk.DriverName == "xen-blkfront")
            {
                return disk.Name;
            }
        }

        return null;
    }

    private static (bool, string) OfNet(GuestReport report, DriverFacts facts)
    {
        foreach (var nic in facts.Nics)
        {
            if (nic.DriverName == "vif")
            {
                return nic.Mac == GuestNic.ZeroMac
                    ? (false, $"{nic.Name} has the address {GuestNic.ZeroMac}: remove type=ioemu from the vif line " +
                        "(with it xm and xend leave the front end's address empty)")
                    : (true, $"{nic.Name} is driven by xen-netfront");
            }
        }

        return (false, PvRefusal.WhyNot(report, "vif", "xen-netfront", "xen-vnif"));
    }

    private static List<string> FindHazards(GuestReport report, IReadOnlyList<DiskPath> paths)
    {
        var hazards = new List<string>();
        for (var i = 0; i < paths.Count; i++)
        {
            for (var j = i + 1; j < paths.Count; j++)
            {
                var (one, other) = (paths[i], paths[j]);
                if (one.Image == other.Image && one.GuestName != other.GuestName && Hazard(report, one, other) is { } hazard)
                {
                    hazards.Add(hazard);
                }
            }
        }

        return hazards;
    }

    // Null when one of them is not there, or nobody can write.
    private static string? Hazard(GuestReport report, DiskPath one, DiskPath other)
    {
        if (Find(report, one) is not { } first || Find(report, other) is not { } second || (first.ReadOnly && second.ReadOnly))
        {
            return null;
        }

        var names = $"{one.GuestName} and {other.GuestName}";
        var harm = first.ReadOnly || second.ReadOnly
            ? $"what is written through {(first.ReadOnly ? second : first).Name} changes under {(first.ReadOnly ? first : second).Name}, " +
                "which does not see it in order"
            : "writing through both corrupts the data, since neither path sees what the other has cached";

        // One entry of the configuration seen twice, or two entries.
        return one.VirtualDevice == other.VirtualDevice
            ? $"{names} are the same disk ({one.Image}): {harm}; unplug the emulated disk " +
                $"({(report.Kernel.Has("unplug-by-module") ? "dev_unplug" : "xen_emul_unplug")}=all)"
            : $"{names} are two virtual disks that share one image ({one.Image}): {harm}; give each an image of its own";
    }

    private static GuestDisk? Find(GuestReport report, DiskPath path)
    {
        foreach (var disk in report.Drivers.Disks)
        {
            if (disk.Name == path.GuestName)
            {
                return disk;
            }
        }

        return null;
    }
}
