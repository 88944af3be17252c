using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace XenActors.Tests.Cli;

public sealed class SwarmCommandTests : IDisposable
{
    // A guest in one of five seeds, and fewer messages than its boot takes: that is what these swarms find.
    private const string Ranges = """
        swarm {
          host = generic-xen-4.17
          domains { count = [0, 0, 0, 0, 1], kernel = debian12-6.1, disks = 1, disk-prefix = xvd, backend = phy, volume-size = 34 MiB, nics = 0 }
          workloads { count = 1, kind = store, store { operations { from = 5, to = 50 } } }
          end { at = 60s, settle = 0s, messages = 1000 }
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("swarm").FullName;

    private string File(string name) => Path.Combine(_directory, name);

    private string Journal(string name) => System.IO.File.ReadAllText(Path.Combine(File(name), "swarm.journal"));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_killed_swarm_has_lost_no_finding_and_ends_as_one_that_was_not_killed()
    {
        System.IO.File.WriteAllText(File("s.conf"), Ranges);
        var (whole, _) = Swarm("whole", "--seeds", "150");
        using (var killed = Start("killed", "--seeds", "150"))
        {
            // In the middle: something is found, and it is being made smaller or other seeds run.
            Await(killed, () => System.IO.File.Exists(Path.Combine(File("killed"), "swarm.journal")) && Journal("killed").Contains("\n! ", StringComparison.Ordinal));
            killed.Kill();
            killed.WaitForExit();
        }

        var told = Journal("killed");
        foreach (var line in told.Split('\n').Where(l => l.StartsWith("! ", StringComparison.Ordinal)))
        {
            var finding = Path.Combine(File("killed"), line.Split(' ')[1]);
            Assert.Equal(1, Command.Run("run", finding).ExitCode);
        }

        Assert.True(told.Split('\n').Count(l => l.StartsWith("- ", StringComparison.Ordinal)) < 150, told);
        var (resumed, _) = Swarm("killed", "--seeds", "150", "--resume");
        Assert.NotEqual("", whole);
        Assert.Equal(whole, resumed);
        Assert.Equal(Names("whole"), Names("killed"));
        foreach (var name in Names("whole").Where(n => n.EndsWith(".conf", StringComparison.Ordinal)))
        {
            Assert.Equal(System.IO.File.ReadAllText(Path.Combine(File("whole"), name)), System.IO.File.ReadAllText(Path.Combine(File("killed"), name)));
        }
    }

    [Fact]
    public void A_journals_torn_last_line_is_done_again()
    {
        System.IO.File.WriteAllText(File("s.conf"), Ranges);
        var (whole, _) = Swarm("torn", "--seeds", "8", "--no-shrink");
        var path = Path.Combine(File("torn"), "swarm.journal");
        var lines = System.IO.File.ReadAllLines(path);

        // As if killed while it wrote that the fourth seed had ended.
        var cut = Array.IndexOf(lines, "- 4");
        System.IO.File.WriteAllText(path, string.Join('\n', lines.Take(cut)) + "\n- ");
        var (resumed, _) = Swarm("torn", "--seeds", "8", "--no-shrink", "--resume");
        Assert.Equal(whole, resumed);
        var again = System.IO.File.ReadAllLines(path);
        Assert.Equal(["+ 4", "- 4"], again.Skip(cut).Take(2));
        Assert.Equal(lines.Order(StringComparer.Ordinal).Distinct(), again.Order(StringComparer.Ordinal).Distinct());
    }

    [Fact]
    public void A_seed_that_the_process_died_of_twice_is_a_finding_and_not_run_again()
    {
        System.IO.File.WriteAllText(File("s.conf"), Ranges);
        Swarm("dead", "--seeds", "1", "--no-shrink");
        var path = Path.Combine(File("dead"), "swarm.journal");
        var identity = System.IO.File.ReadAllLines(path)[0];
        System.IO.File.WriteAllText(path, $"{identity}\n+ 2\n+ 2\n+ 3\n~ 3\n+ 3\n");
        var (findings, code) = Swarm("dead", "--seeds", "3", "--no-shrink", "--resume");
        Assert.Equal(1, code);
        Assert.Contains("the process died of it, twice seed 2", findings, StringComparison.Ordinal);
        Assert.DoesNotContain("twice seed 3", findings, StringComparison.Ordinal);
        Assert.DoesNotContain("+ 2", System.IO.File.ReadAllLines(path).Skip(6));
    }

    [Fact]
    public void An_interrupt_ends_with_130_and_one_line_and_the_journal_goes_on()
    {
        System.IO.File.WriteAllText(File("s.conf"), Ranges);
        using (var swarm = Start("int", "--seeds", "100000"))
        {
            Await(swarm, () => System.IO.File.Exists(Path.Combine(File("int"), "swarm.journal")) && Journal("int").Contains("\n- ", StringComparison.Ordinal));
            using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {swarm.Id}")]);
            var errors = swarm.StandardError.ReadToEnd();
            swarm.WaitForExit();
            Assert.Equal(130, swarm.ExitCode);
            Assert.Matches($"^xenactors: cancelled after \\d+ of 100000 seeds with \\d+ findings, which {File("int")} keeps; the same command with --resume goes on\n$", errors);
        }

        var journal = Journal("int");
        Assert.EndsWith("\n", journal, StringComparison.Ordinal);
        var lines = journal.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            lines.Where(l => l[0] == '+').Select(l => l[2..]).Order(StringComparer.Ordinal),
            lines.Where(l => l[0] is '-' or '~').Select(l => l[2..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Coverage_shows_what_was_reached_and_what_never()
    {
        System.IO.File.WriteAllText(File("s.conf"), Ranges.Replace("messages = 1000", "messages = 30000000", StringComparison.Ordinal));
        var (code, output, _) = Command.Run("swarm", File("s.conf"), "--seeds", "10", "--out", File("c"), "--coverage", "--json");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        var coverage = document.RootElement.GetProperty("coverage");
        Assert.Contains("event-drop", Strings(coverage.GetProperty("faults").GetProperty("never")));
        Assert.True(coverage.GetProperty("branches").GetProperty("reached").GetProperty("g3-device-states: 4,4").GetInt64() > 0);
        Assert.Contains("g4-durability: power lost", Strings(coverage.GetProperty("branches").GetProperty("never")));
        Assert.True(coverage.GetProperty("messages").GetProperty("reached").GetProperty("XenActors.Xenstore.XsRequest").GetInt64() > 0);
        Assert.NotEmpty(Strings(coverage.GetProperty("messages").GetProperty("never")));
        Assert.Equal(44, coverage.GetProperty("faults").GetProperty("of").GetInt32());
    }

    [Fact]
    public void Another_swarms_journal_is_refused()
    {
        System.IO.File.WriteAllText(File("s.conf"), Ranges);
        Swarm("a", "--seeds", "1", "--no-shrink");
        var path = Path.Combine(File("a"), "swarm.journal");
        var identity = System.IO.File.ReadAllLines(path)[0];
        Assert.Equal((2, "", $"--resume: there is no {File("none")}/swarm.journal\n"), Command.Run("swarm", File("s.conf"), "--resume", "--out", File("none")));
        Refused($"{identity} defects blkfront-no-final-check", "--defects", "blkfront-no-final-check");
        Refused(identity.Replace("from 1", "from 7", StringComparison.Ordinal), "--from", "7");
        System.IO.File.WriteAllText(File("s.conf"), Ranges.Replace("count = 1", "count = 2", StringComparison.Ordinal));
        var (code, output, errors) = Command.Run("swarm", File("s.conf"), "--resume", "--out", File("a"));
        Assert.Equal((2, ""), (code, output));
        Assert.Matches($"^--resume: {path}:1:1: expected 'swarm [0-9a-f]{{8}} from 1' but found '{identity}': it is another swarm's\n$", errors);

        void Refused(string expected, params string[] more)
        {
            var line = $"--resume: {path}:1:1: expected '{expected}' but found '{identity}': it is another swarm's\n";
            Assert.Equal((2, "", line), Command.Run(["swarm", File("s.conf"), "--resume", "--out", File("a"), .. more]));
        }
    }

    [Theory]
    [InlineData("swarm { hots = x }", "s.conf:1:16: expected a setting of a swarm but found 'hots', did you mean 'hosts'?; known here: host, hosts, network, domains, workloads, commands, faults, end")]
    [InlineData("swarm { host = x }", "")]
    [InlineData("nonsense = 1", "")]
    public void A_mistake_in_a_swarm_file_is_one_line_with_its_place(string text, string line)
    {
        System.IO.File.WriteAllText(File("s.conf"), text);
        var (code, output, errors) = Command.Run("swarm", File("s.conf"), "--out", File("x"));
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(1, errors.Count(c => c == '\n'));
        Assert.StartsWith(File("s.conf"), errors, StringComparison.Ordinal);
        Assert.Equal(line.Length > 0 ? $"{_directory}/{line}\n" : errors, errors);
        Assert.False(Directory.Exists(File("x")));
    }

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(e => e.GetString()!);

    private string[] Names(string directory) => [.. Directory.GetFiles(File(directory)).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    // What was found, with the numbers that do not depend on the clock.
    private (string Findings, int Code) Swarm(string directory, params string[] more)
    {
        var (code, output, errors) = Command.Run(["swarm", File("s.conf"), "--out", File(directory), "--jobs", "1", "--json", .. more]);
        Assert.Equal("", errors);
        using var document = JsonDocument.Parse(output);
        var lines = document.RootElement.GetProperty("findings").EnumerateArray().Select(f => string.Join(
            ' ', f.EnumerateObject().Where(p => p.Name != "file").Select(p => p.Name == "seed" ? $"seed {p.Value}" : p.Value.ToString())));
        return ($"{document.RootElement.GetProperty("seeds")} seeds\n{string.Join('\n', lines)}", code);
    }

    private Process Start(string directory, params string[] more)
    {
        var start = new ProcessStartInfo("env") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. Command.Signalled, Command.Program, "swarm", File("s.conf"), "--out", File(directory), "--jobs", "1", .. more])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static void Await(Process process, Func<bool> until)
    {
        for (var i = 0; i < 6000; i++)
        {
            if (until())
            {
                return;
            }

            Assert.False(process.HasExited, "it ended before it could be stopped");
            Thread.Sleep(10);
        }

        Assert.Fail("nothing happened for a minute");
    }
}
