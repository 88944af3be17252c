using XenActors.Hypervisor.Domains;

namespace XenActors.Tests.Guest;

/// <summary>The firmware tables of the machines that the tests know.</summary>
internal static class FirmwareOf
{
    public static Firmware Page() => new()
    {
        Manufacturer = "Xen",
        Product = "HVM domU",
        BiosVersion = "4.1.2",
        BiosDate = "10/21/2011",
        Acpi =
        [
            new("RSDP", 0xEA020, 0x24, 2, "Xen", "", 0, "", 0),
            Table("XSDT", 0xFC0134B0, 0x34, 1),
            Table("FACP", 0xFC0132D0, 0xF4, 4),
            Table("DSDT", 0xFC003440, 0xFE05, 2, "INTL", 0x20100528),
            new("FACS", 0xFC003400, 0x40, 1, "", "", 0, "", 0),
            Table("APIC", 0xFC0133D0, 0xD8, 2),
        ],
        PnpGsis = [8, 12, 1, 6, 4, 7],
    };

    public static Firmware Recorded() => new()
    {
        Manufacturer = "Xen",
        Product = "HVM domU",
        BiosVersion = "4.17.7",
        BiosDate = "11/04/2026",
        Acpi =
        [
            new("RSDP", 0xF5B50, 0x24, 2, "Xen", "", 0, "", 0),
            Table("XSDT", 0xFC00A640, 0x54, 1),
            Table("FACP", 0xFC00A370, 0xF4, 4),
            Table("DSDT", 0xFC001040, 0x92A3, 2, "INTL", 0x20200925),
            new("FACS", 0xFC001000, 0x40, 1, "", "", 0, "", 0),
            new("FACS", 0xFC001000, 0x40, 1, "", "", 0, "", 0),
            Table("APIC", 0xFC00A470, 0x68, 2),
            Table("HPET", 0xFC00A550, 0x38, 1),
            Table("WAET", 0xFC00A590, 0x28, 1),
            Table("SSDT", 0xFC00A5C0, 0x31, 2, "INTL", 0x20200925),
            Table("SSDT", 0xFC00A600, 0x31, 2, "INTL", 0x20200925),
        ],
        PnpGsis = [8, 12, 1, 6, 4],
    };

    private static AcpiTable Table(string signature, ulong address, uint length, int revision, string compiler = "HVML", uint compilerRevision = 0) =>
        new(signature, address, length, revision, "Xen", "HVM", 0, compiler, compilerRevision);
}
