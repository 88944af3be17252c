using Xunit.Abstractions;

namespace XenActors.Tests.Guest;

/// <summary>The reference page's guest: Fedora 16, Linux 3.1, on Xen 4.1.2.</summary>
public sealed class PageTests(ITestOutputHelper output)
{
    [Fact]
    public void Prints_the_pages_dmesg_line_by_line()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        var report = bench.Boot();
        var expected = GuestListing.XenLines(GuestListing.Lines("fedora16-dmesg.txt"));
        var actual = GuestListing.XenLines(report.DmesgLines);
        foreach (var line in report.DmesgLines)
        {
            output.WriteLine(line);
        }

        output.WriteLine($"the page: {expected.Zip(actual).Count(p => p.First == p.Second)} of {expected.Count} lines agree");
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Shows_the_pages_partitions_and_driver()
    {
        var bench = GuestBench.Of("fedora16-3.1");
        var report = bench.Boot();
        Assert.Equal(
            [
                "major minor  #blocks  name",
                "",
                " 202        0   31457280 xvda",
                " 202        1     512000 xvda1",
                " 202        2    4194304 xvda2",
                " 202        3   26749952 xvda3",
            ],
            report.ProcPartitions);
        Assert.Equal(
            [
                "driver: vif",
                "version:",
                "firmware-version:",
                "bus-info: vif-0",
                "supports-statistics: yes",
                "supports-test: no",
                "supports-eeprom-access: no",
                "supports-register-dump: no",
            ],
            report.Ethtool["eth0"]);
        Assert.Equal(["eth0 00:16:4f:02:02:15 vif"], report.Links);
        Assert.Equal(["ide-disks", "nics"], report.Unplugged);
        Assert.True(report.Outcome?.Ok);
    }
}
