using XenActors.Guest.Boot;

namespace XenActors.Guest;

/// <summary>Why a guest has no PV device of a kind, in the order in which the conditions bite.</summary>
internal static class PvRefusal
{
    private const int PlatformSettingSince = 4;

    public static string WhyNot(GuestReport report, string type, string driver, string oldDriver)
    {
        var (facts, kernel) = (report.Drivers, report.Kernel);
        var module = facts.Module(driver, oldDriver);
        return (facts.Hvm ? WhyNoBus(facts, kernel) : null)
            ?? (facts.NodesListed && !HasNode(facts, type)
                ? $"the guest has no {type}: the toolstack gave it no {type} device"
                : null)
            ?? (module is null ? WhyNotLoaded(report, driver) : null)
            ?? (module is { Loaded: false } ? $"the driver {driver} refused to load: {Words(module.Why)}" : null)
            ?? (type == "vbd" && facts.Refusal == UnplugRefusal.Unnecessary
                ? $"with xen_emul_unplug={facts.UnplugGiven} blkfront leaves disks named hd* and sd* to the emulated controller; " +
                    "name the disk xvda in the configuration"
                : null)
            ?? (type == "vif"
                ? "the vif did not connect; with type=ioemu on the vif line xm and xend leave the front end's address empty (all zeroes)"
                : "the device did not connect to its backend");
    }

    private static string WhyNotLoaded(GuestReport report, string driver) =>
        !report.Kernel.RootModules.Contains(driver) ? $"the driver {driver} was not loaded: it is missing from the initramfs"
        : report.Outcome is null ? $"the boot has not come to the root file system yet, from which the driver {driver} is loaded"
        : $"the boot stopped before the root file system, from which the driver {driver} is loaded";

    // Without the platform device's driver there are no grants, and so no front end, whatever else is there.
    private static string? WhyNoBus(DriverFacts facts, KernelProfile kernel)
    {
        if (!kernel.Has("xen-pvhvm") && !kernel.Has("unplug-by-module"))
        {
            return $"the kernel {kernel.Release} has no PVHVM drivers: they came with Linux 2.6.36";
        }

        if (facts.NoPv)
        {
            return "nopv (or xen_nopv) on the kernel's command line switches them off";
        }

        if (!facts.OnXen && kernel.Has("xen-pvhvm"))
        {
            return "the kernel found no Xen: CPUID shows no hypervisor of that name";
        }

        if (!facts.PlatformDevice)
        {
            return facts.XenMajor is > 0 and < PlatformSettingSince
                ? $"Xen {facts.XenMajor}.x has no setting xen_platform_pci: it came with Xen 4.0, and this host gave the guest no platform device"
                : "the Xen platform PCI device is absent: set xen_platform_pci=1 in the guest's configuration";
        }

        return WhyNotUnplugged(facts, kernel) ?? WhyNoPlatformDriver(facts);
    }

    private static string? WhyNotUnplugged(DriverFacts facts, KernelProfile kernel) => facts.Refusal switch
    {
        UnplugRefusal.Never when !kernel.Has("unplug-by-module") => $"xen_emul_unplug={facts.UnplugGiven} forbids to unplug, and with it the PV drivers",
        UnplugRefusal.Blacklisted => "the host has blacklisted the guest's PV drivers",
        UnplugRefusal.UnknownProtocol => "the host speaks an unplug protocol that this kernel does not know",
        UnplugRefusal.NoMagic => "the platform device does not answer at port 0x10",
        UnplugRefusal.NoFrontends => "no PV driver was compiled for this kernel",
        _ => null,
    };

    private static string? WhyNoPlatformDriver(DriverFacts facts)
    {
        var platform = facts.Module("xen-platform-pci");
        return facts.PlatformDriver ? null
            : platform is null ? "the driver xen-platform-pci was not loaded: add it to the initramfs (the kernel does not have it built in)"
            : $"the driver xen-platform-pci refused its device: {Words(platform.Why)}";
    }

    private static bool HasNode(DriverFacts facts, string type)
    {
        foreach (var node in facts.Nodes)
        {
            if (node.StartsWith($"device/{type}/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string Words(string why) => why switch
    {
        "nopv" => "nopv on the kernel's command line",
        "no-xen" => "it found no Xen",
        "no-unplug" => "nothing was unplugged",
        "no-resources" => "the device has no addresses",
        "callback" => "Xen took no event callback",
        _ => why,
    };
}
