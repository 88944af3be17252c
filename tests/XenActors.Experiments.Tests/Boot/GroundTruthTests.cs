using System.Text.RegularExpressions;
using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Xenstore;
using Xunit.Abstractions;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>What a real Xen 4.17 host with a Linux 6.1 guest did, node by node and line by line.</summary>
public sealed partial class GroundTruthTests(ITestOutputHelper output) : IDisposable
{
    private const int RecordedDomain = 29;

    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [GeneratedRegex(@"^\[ *\d+\.\d+\] ")]
    private static partial Regex Stamp();

    [GeneratedRegex(@"^(\[ *)?[0-9.:\]]+ (c\d+ IN )?")]
    private static partial Regex StateStamp();

    [Theory]
    [InlineData(true, "A1.xenstore-paused.txt", 283)]
    [InlineData(false, "A2.xenstore-running.txt", 318)]
    public void Every_node_of_the_store_agrees(bool paused, string recording, int nodes)
    {
        var machine = BootRig.Run(_rig.Recorded(paused));
        var theirs = StoreNodes.Parse(BootRig.Recorded(recording), RecordedDomain);
        var ours = StoreNodes.Parse(XenstoreLs.Render(machine.Store.Dump()).TrimEnd('\n').Split('\n'), machine.Guests[0]);
        var agree = theirs.Intersect(ours).Count();
        output.WriteLine($"{agree} of {theirs.Count} nodes agree (path, value, owner, permissions)");
        foreach (var (path, rest) in theirs.Except(ours))
        {
            output.WriteLine($"- {path} = {rest}");
        }

        foreach (var (path, rest) in ours.Except(theirs))
        {
            output.WriteLine($"+ {path} = {rest}");
        }

        Assert.Equal(nodes, theirs.Count);
        Assert.Equal(theirs, ours);
    }

    [Theory]
    [InlineData("A2.guest-report.txt", null)]
    [InlineData("F.unplug-nics.report.txt", "xen_emul_unplug=nics")]
    [InlineData("F.unplug-unnecessary.report.txt", "xen_emul_unplug=unnecessary")]
    public void The_guests_Xen_lines_are_those_of_the_recording(string recording, string? parameter)
    {
        var session = _rig.Recorded(paused: false, parameter);
        var report = BootRig.Only(BootRig.Run(session), session).Report;
        var theirs = XenLines(BootRig.Recorded(recording)
            .SkipWhile(l => !l.Contains("BEGIN dmesg", StringComparison.Ordinal))
            .TakeWhile(l => !l.Contains("END dmesg", StringComparison.Ordinal)));
        var ours = XenLines(report.DmesgLines);
        output.WriteLine($"{theirs.Intersect(ours).Count()} of {theirs.Count} lines agree");
        Assert.Equal(theirs, ours);
    }

    [Theory]
    [InlineData("A2.guest-report.txt", null)]
    [InlineData("F.unplug-nics.report.txt", "xen_emul_unplug=nics")]
    [InlineData("F.unplug-unnecessary.report.txt", "xen_emul_unplug=unnecessary")]
    public void Partitions_and_ethtool_are_those_of_the_recording(string recording, string? parameter)
    {
        var session = _rig.Recorded(paused: false, parameter);
        var report = BootRig.Only(BootRig.Run(session), session).Report;
        var lines = BootRig.Recorded(recording);
        Assert.Equal(Section(lines, "cat /proc/partitions"), report.ProcPartitions);
        foreach (var (nic, text) in report.Ethtool)
        {
            Assert.Equal(Section(lines, $"ethtool -i {nic}").Select(l => l.TrimEnd()), text.Select(l => l.TrimEnd()));
        }
    }

    [Fact]
    public void All_state_writes_come_in_the_recorded_order()
    {
        var machine = BootRig.Run(_rig.Recorded(paused: false));
        var theirs = States([.. BootRig.Recorded("A1.states-create-paused.txt"), .. BootRig.Recorded("A2.states-boot.txt")], RecordedDomain);
        var ours = States(HostReport.States(machine), machine.Guests[0]).Where(l => !l.Contains("/device-model/0/", StringComparison.Ordinal)).ToList();
        var same = theirs.Zip(ours).Count(p => p.First == p.Second);
        output.WriteLine($"{same} of {theirs.Count} writes stand in the same place of the whole order");
        Assert.Equal(theirs, ours);
    }

    private static List<string> States(IEnumerable<string> lines, int domain) =>
        [.. lines.Select(l => Regex.Replace(StoreNodes.Mask(StateStamp().Replace(l, "").TrimEnd(), domain), $@"\b{domain}\b", "D"))];

    private static List<string> XenLines(IEnumerable<string> dmesg) =>
        [.. dmesg.Where(l => l.StartsWith('['))
            .Select(l => Stamp().Replace(l, ""))
            .Where(l => l.Contains("xen", StringComparison.OrdinalIgnoreCase) || l.Contains("front", StringComparison.OrdinalIgnoreCase))

            // The recording ran under emulation, whose clock the kernel's watchdog found too slow to read.
            .Where(l => !l.StartsWith("clocksource: timekeeping watchdog", StringComparison.Ordinal))

            // Input devices are numbered in a race with the PS/2 mouse: input1 and input2 were both recorded.
            .Select(l => Regex.Replace(l, @"/input/input\d$", "/input/inputN"))];

    private static List<string> Section(string[] lines, string title) =>
        [.. lines.SkipWhile(l => l != $"=====BEGIN {title}").Skip(1).TakeWhile(l => l != $"=====END {title}")];
}
