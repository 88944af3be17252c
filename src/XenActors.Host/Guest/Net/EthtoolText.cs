namespace XenActors.Guest.Net;

/// <summary>What <c>ethtool -i</c> prints of a network device: the driver's answers in this kernel's form.</summary>
public static class EthtoolText
{
    public static List<string> Lines(KernelProfile profile, GuestNic nic)
    {
        // The emulated cards can be tested and dumped; a vif has nothing to dump.
        var card = YesNo(nic.DriverName is "e1000" or "8139cp");
        var driver = nic.DriverName is "xen-netfront" or "xen_netfront" or "netfront" ? "vif" : nic.DriverName;
        var version = profile.Format("ethtool-version-" + driver) ?? "";
        var text = profile.Format(
            "ethtool",
            ("driver", driver),
            ("version", version.Length > 0 ? version : profile.Format("ethtool-version-any", ("release", profile.Release)) ?? ""),
            ("firmware", ""),
            ("bus-info", nic.BusInfo),
            ("test", YesNo(driver == "e1000")),
            ("eeprom", YesNo(driver == "e1000")),
            ("registers", card)) ?? "";
        return [.. text.Split('\n')];
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}
