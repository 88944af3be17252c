namespace XenActors.Tests.Cli;

public sealed class HypervisorViewCommandTests
{
    private static readonly string Scenario = Command.Example("debian12.cfg");

    [Fact]
    public void Lsevtchn_lists_both_ends_of_a_booted_guests_channels()
    {
        var (code, guest, _) = Command.Run("lsevtchn", "1", "--scenario", Scenario);
        Assert.Equal(0, code);
        Assert.StartsWith("   1: VCPU 0: Interdomain (", guest, StringComparison.Ordinal);
        var (_, dom0, _) = Command.Run("lsevtchn", "--scenario", Scenario);
        var connected = guest.Split('\n').Where(l => l.Contains("Connected", StringComparison.Ordinal)).ToList();
        Assert.True(connected.Count >= 3);
        foreach (var line in connected)
        {
            // "   4: VCPU 0: Interdomain (Connected) - Remote Domain 0, Port 1"
            var (port, remote) = (line[..4].Trim(), line[(line.LastIndexOf(' ') + 1)..]);
            Assert.Contains($"{remote,4}: VCPU 0: Interdomain (Connected) - Remote Domain 1, Port {port}\n", dom0, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_booted_guest_has_the_ports_that_a_recorded_one_had()
    {
        // The recording's store has ports 12 (keyboard), 14 (disk), 15 and 16 (net); its /proc/interrupts the timer, three IPIs and four pirqs.
        var (_, output, _) = Command.Run("lsevtchn", "1", "--scenario", Scenario);
        Assert.Equal(
            [
                "Interdomain", "Interdomain", "Interdomain", "Interdomain", "Virtual IRQ 0", "IPI", "IPI", "IPI", "Physical IRQ 16", "Physical IRQ 18",
                "Physical IRQ 19", "Interdomain", "Physical IRQ 17", "Interdomain", "Interdomain", "Interdomain",
            ],
            output.TrimEnd('\n').Split('\n').Select(l => l.Split(": ")[2].Split(" (")[0]));
    }

    [Fact]
    public void Limits_of_the_xl_file_hold()
    {
        var directory = Directory.CreateTempSubdirectory("limits");
        try
        {
            string File(string line)
            {
                var path = Path.Combine(directory.FullName, "guest.cfg");
                System.IO.File.WriteAllText(path, System.IO.File.ReadAllText(Scenario) + "\n" + line + "\n");
                return path;
            }

            // Of 13 ports the keyboard gets the twelfth; the disk is left without.
            var ports = Command.Run("lsevtchn", "1", "--scenario", File("max_event_channels=13")).Output;
            Assert.Contains("\n  13: ", ports, StringComparison.Ordinal);
            Assert.DoesNotContain("\n  14: ", ports, StringComparison.Ordinal);
            Assert.Contains("  1 frames (1 max)", Command.Run("gnttab", "1", "--scenario", File("max_grant_frames=1")).Output, StringComparison.Ordinal);
            var refused = Command.Run("boot", File("max_grant_version=3"));
            Assert.Contains("domain creation fail: Invalid argument", refused.Errors, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(true);
        }
    }

    [Fact]
    public void Gnttab_lists_the_entries_in_use_as_the_hypervisor_prints_them()
    {
        var (code, output, _) = Command.Run("gnttab", "1", "--scenario", Scenario);
        Assert.Equal(0, code);
        var lines = output.Split('\n');
        Assert.Equal("      -------- active --------       -------- shared --------", lines[0]);
        Assert.Equal("[ref] localdom mfn      pin          localdom gmfn     flags", lines[1]);
        Assert.Equal("grant-table for remote d1 (v1)", lines[2]);
        Assert.Matches("^  [1-9][0-9]* frames \\(64 max\\), 0 maptrack frames \\(1024 max\\)$", lines[3]);
        Assert.All(lines[4..^1], l => Assert.Matches("^\\[0x[0-9a-f]{3,}\\]      0 0x[0-9a-f]{5,} 0x0000000[1-9]          0 0x[0-9a-f]{6,} 0x1?9$", l));
        Assert.True(lines.Length > 6);
    }

    [Fact]
    public void Before_the_guest_has_booted_nothing_is_in_use()
    {
        var (code, output, _) = Command.Run("gnttab", "1", "--scenario", Scenario, "--at", "0.1ms");
        Assert.Equal((0, true), (code, output.EndsWith("no active grant table entries\n", StringComparison.Ordinal)));
        Assert.Equal("", Command.Run("lsevtchn", "1", "--scenario", Scenario, "--at", "0.1ms").Output);
    }

    [Theory]
    [InlineData("lsevtchn: expected --scenario CFG or --recording FILE: there is no other hypervisor here", "lsevtchn", "1")]
    [InlineData("gnttab: --wrong: unknown option", "gnttab", "--wrong")]
    [InlineData("gnttab: expected one domain but found 1 2", "gnttab", "1", "2")]
    [InlineData("--recording, --scenario: expected one of them", "gnttab", "--recording", "a", "--scenario", "b")]
    public void Bad_input_is_one_line(string expected, params string[] arguments) =>
        Assert.Equal((2, "", expected + "\n"), Command.Run(arguments));

    [Fact]
    public void A_domain_that_is_not_there_is_told_with_those_that_are()
    {
        var (code, output, errors) = Command.Run("lsevtchn", "7", "--scenario", Scenario);
        Assert.Equal((2, ""), (code, output));
        Assert.EndsWith("lsevtchn: there is no domain 7; expected one of 0, 1\n", errors, StringComparison.Ordinal);
    }
}
