using System.Text.RegularExpressions;
using XenActors.Experiments.Boot;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>The PVHVM page's guest, as the page shows it.</summary>
public sealed partial class ReferencePageTests : IDisposable
{
    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [GeneratedRegex(@"^\[ *\d+\.\d+\] ")]
    private static partial Regex Stamp();

    private GuestResult Boot()
    {
        var session = _rig.Page();
        return BootRig.Only(BootRig.Run(session), session);
    }

    [Fact]
    public void Dmesg_has_every_line_of_the_page_in_its_order_and_wording()
    {
        var expected = BootRig.Recorded("fedora16-dmesg.txt").Where(l => l.StartsWith('[')).Select(l => Stamp().Replace(l, "")).ToArray();
        var ours = Boot().Report.DmesgLines
            .Select(l => Stamp().Replace(l, ""))
            .Where(l => l.Contains("xen", StringComparison.OrdinalIgnoreCase) || l.Contains("front", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(35, expected.Length);
        Assert.Equal(expected, ours);
    }

    [Fact]
    public void Proc_partitions_is_the_pages_to_the_byte() => Assert.Equal(
        [
            "major minor  #blocks  name",
            "",
            " 202        0   31457280 xvda",
            " 202        1     512000 xvda1",
            " 202        2    4194304 xvda2",
            " 202        3   26749952 xvda3",
        ],
        Boot().Report.ProcPartitions);

    [Fact]
    public void Ethtool_shows_the_pages_eight_lines() => Assert.Equal(
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
        Boot().Report.Ethtool["eth0"]);

    [Fact]
    public void Both_paths_are_PV_and_nothing_is_at_risk()
    {
        var verdict = Boot().Verdict;
        Assert.True(verdict.Disk);
        Assert.True(verdict.Net);
        Assert.Empty(verdict.Hazards);
    }

    [Fact]
    public void The_integer_tsc_mode_is_warned_about_as_xl_does() => Assert.Equal(
        ["WARNING: specifying \"tsc_mode\" as an integer is deprecated. Please use the named parameter variant. e.g. tsc_mode=\"default\""],
        _rig.Page().Warnings);
}
