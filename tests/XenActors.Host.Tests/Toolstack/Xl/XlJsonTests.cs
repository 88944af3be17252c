using System.Text.RegularExpressions;
using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

/// <summary>Byte for byte what <c>xl create -n</c> of Xen 4.17 printed for the same files.</summary>
public sealed class XlJsonTests
{
    public static TheoryData<string> Recorded => [.. XlTestData.Names("recorded", "*.json")];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_domain_is_printed_as_xl_printed_it(string name) =>
        Same($"recorded/{Path.ChangeExtension(name, ".cfg")}", $"recorded/{name}", text => text);

    [Fact]
    public void The_guest_is_printed_as_xl_printed_it() => Same(
        "guest.cfg",
        "guest-without-platform-pci.json",
        text => text.Replace("xen_platform_pci=1", "xen_platform_pci=0"));

    [Fact]
    public void A_disk_is_printed_as_block_attach_prints_it()
    {
        var disk = DiskSpecParser.Parse(["cdrom", "no-discard", "vdev=hda", "target=/some/disk/image.iso"], "command line").Disk!;

        Assert.Equal(
            """
            {
                "pdev_path": "/some/disk/image.iso",
                "vdev": "hda",
                "format": "raw",
                "removable": 1,
                "is_cdrom": 1,
                "discard_enable": "False"
            }

            """,
            DeviceJson.Of(disk));
    }

    [Fact]
    public void A_nic_is_printed_as_network_attach_prints_it()
    {
        var nic = VifSpecParser.ParseArguments(["rate=16Kb/s", "untrusted"]).Nic;

        Assert.Equal(
            """
            {
                "rate_bytes_per_interval": 100,
                "rate_interval_usecs": 50000,
                "trusted": "False"
            }

            """,
            DeviceJson.Of(nic));
    }

    private static void Same(string file, string expected, Func<string, string> change)
    {
        var json = XlTestData.Read(expected);
        var uuid = Regex.Match(json, "\"uuid\": \"([^\"]*)\"").Groups[1].Value;
        var config = DomainConfigParser.Parse(change(XlTestData.Read(file)), file).Config!;

        Assert.Equal(json, DomainJson.Of(config, uuid));
    }
}
