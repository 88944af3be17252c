using XenActors.Guest;
using Xunit.Abstractions;

namespace XenActors.Tests.Guest;

/// <summary>A real Debian 12 guest (Linux 6.1 on Xen 4.17) against the model, line by line.</summary>
public sealed class GroundTruthTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("A2.guest-report.txt", "", 0)]
    [InlineData("F.unplug-nics.report.txt", " xen_emul_unplug=nics", 1)]
    [InlineData("F.unplug-unnecessary.report.txt", " xen_emul_unplug=unnecessary", 0)]
    public void Prints_the_lines_of_a_real_guest(string file, string option, int clockTrouble)
    {
        var report = GuestBench.Recorded(option).Boot();
        var expected = GuestListing.XenLines(GuestListing.Section(file, "dmesg"));
        var actual = GuestListing.XenLines(report.DmesgLines);

        // One recorded host was so slow that the kernel lost trust in a clock: no part of the model.
        Assert.Equal(clockTrouble, expected.RemoveAll(l => l.Contains("timekeeping watchdog", StringComparison.Ordinal)));

        // Which input number a keyboard gets depends on a race between two drivers.
        expected = [.. expected.Select(WithoutInputNumber)];
        actual = [.. actual.Select(WithoutInputNumber)];
        output.WriteLine($"{file}: {expected.Zip(actual).Count(p => p.First == p.Second)} of {expected.Count} lines agree");
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("A2.guest-report.txt", "")]
    [InlineData("F.unplug-nics.report.txt", " xen_emul_unplug=nics")]
    [InlineData("F.unplug-unnecessary.report.txt", " xen_emul_unplug=unnecessary")]
    public void Prints_what_a_real_guest_says_of_its_emulated_disks(string file, string option)
    {
        var dmesg = GuestBench.Recorded(option).Boot().DmesgLines.Select(GuestListing.WithoutStamp).ToList();
        var expected = GuestListing.Section(file, "dmesg").Select(GuestListing.WithoutStamp).Where(IsDisk).ToList();
        var actual = dmesg.Where(IsDisk).ToList();
        output.WriteLine($"{file}: {expected.Zip(actual).Count(p => p.First == p.Second)} of {expected.Count} disk lines agree");
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("A2.guest-report.txt", "")]
    [InlineData("F.unplug-nics.report.txt", " xen_emul_unplug=nics")]
    [InlineData("F.unplug-unnecessary.report.txt", " xen_emul_unplug=unnecessary")]
    public void Shows_a_real_guests_partitions_and_drivers(string file, string option)
    {
        var report = GuestBench.Recorded(option).Boot();
        Assert.Equal(GuestListing.Section(file, "cat /proc/partitions"), report.ProcPartitions);
        foreach (var (nic, lines) in report.Ethtool)
        {
            Assert.Equal(GuestListing.Section(file, "ethtool -i " + nic), lines);
        }

        var links = GuestListing.Section(file, "ip link");
        Assert.Equal((links.Count / 2) - 1, report.Links.Count);
        Assert.All(report.Links, l => Assert.Contains("00:16:4f:02:02:15", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Keeps_both_names_of_one_disk_when_only_nics_are_unplugged()
    {
        var report = GuestBench.Recorded(" xen_emul_unplug=nics").Boot();
        Assert.Equal(["nics"], report.Unplugged);
        Assert.Equal(["sda", "sr0", "xvda"], report.Drivers.Disks.Select(d => d.Name));
    }

    [Fact]
    public void Writes_nothing_to_the_port_when_unplug_is_unnecessary()
    {
        var bench = GuestBench.Recorded(" xen_emul_unplug=unnecessary");
        bench.Boot();
        Assert.Equal(["12/2=3", "10/4=1"], bench.Domain.PortWrites);
        Assert.Equal(UnplugState.Unnecessary, bench.Bus.Started!.Unplug.Value);
    }

    private static bool IsDisk(string line) =>
        line.Contains("ata1", StringComparison.Ordinal) || line.Contains("ata2", StringComparison.Ordinal) ||
        line.StartsWith("sd ", StringComparison.Ordinal) || line.StartsWith("sr ", StringComparison.Ordinal) ||
        line.StartsWith("scsi", StringComparison.Ordinal) || line.StartsWith(" sda", StringComparison.Ordinal) ||
        line.StartsWith("ata_piix", StringComparison.Ordinal) || line.StartsWith(" xvda", StringComparison.Ordinal);

    private static string WithoutInputNumber(string line) =>
        line.StartsWith("input:", StringComparison.Ordinal) ? line.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') : line;
}
