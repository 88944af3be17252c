using XenActors.Guest.Block;
using XenActors.Guest.Boot;
using XenActors.Guest.Net;
using XenActors.Hypervisor.Domains;

namespace XenActors.Guest;

/// <summary>What a user inside the guest sees, and what a verdict needs: read from the kernel's state, between runs.</summary>
public sealed record GuestReport
{
    public required KernelProfile Kernel { get; init; }

    /// <summary>As <c>dmesg</c>.</summary>
    public required IReadOnlyList<string> DmesgLines { get; init; }

    /// <summary>As <c>cat /proc/partitions</c>.</summary>
    public required IReadOnlyList<string> ProcPartitions { get; init; }

    /// <summary>As <c>ethtool -i</c>, by the name of the device.</summary>
    public required SortedDictionary<string, IReadOnlyList<string>> Ethtool { get; init; }

    /// <summary>A line a network device: name, address, driver.</summary>
    public required IReadOnlyList<string> Links { get; init; }

    /// <summary>Classes of emulated devices that the kernel told the device model to take away: <c>ide-disks</c>, <c>nics</c>, ...</summary>
    public required IReadOnlyList<string> Unplugged { get; init; }

    public required DriverFacts Drivers { get; init; }

    /// <summary>Null while the guest boots.</summary>
    public required GuestBooted? Outcome { get; init; }

    public static GuestReport Of(GuestKernelState state)
    {
        var ethtool = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var links = new List<string>();
        foreach (var nic in state.Nics)
        {
            ethtool[nic.Name] = EthtoolText.Lines(state.Spec.Kernel, nic);
            links.Add($"{nic.Name} {nic.Mac} {nic.DriverName}");
        }

        var dmesg = new List<string>(state.Log.Count);
        foreach (var line in state.Log)
        {
            dmesg.Add(line.ToString());
        }

        return new()
        {
            Kernel = state.Spec.Kernel,
            DmesgLines = dmesg,
            ProcPartitions = Block.ProcPartitions.Lines(state.Disks, state.Spec.Kernel.Has("partitions-show-removable")),
            Ethtool = ethtool,
            Links = links,
            Unplugged = Classes(state.Facts.UnplugWritten ?? 0),
            Drivers = DriverFacts.Of(state),
            Outcome = state.Outcome,
        };
    }

    private static List<string> Classes(ushort mask)
    {
        var classes = new List<string>();
        if ((mask & UnplugState.IdeDisks) != 0)
        {
            classes.Add("ide-disks");
        }
        else if ((mask & UnplugState.AuxIdeDisks) != 0)
        {
            classes.Add("aux-ide-disks");
        }

        if ((mask & UnplugState.Nics) != 0)
        {
            classes.Add("nics");
        }

        return classes;
    }
}
