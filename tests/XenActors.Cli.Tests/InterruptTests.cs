using System.Diagnostics;
using System.Globalization;

namespace XenActors.Tests.Cli;

/// <summary>Ctrl-C while a command is at work: it ends soon, with one line, 130 and whole files.</summary>
public sealed class InterruptTests : IDisposable
{
    // It has read its files by then, and has more to do than takes this long.
    private static readonly TimeSpan AtWork = TimeSpan.FromSeconds(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("int").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Commands =>
    [
        "boot GUESTS --kernel debian12-6.1",
        "run ENDLESS",
        "run ENDLESS --verify",
        "explain ENDLESS",
        "fio JOBS CFG",
        "compare disk CFG --job JOBS",
        "bench phold --repetitions 1000",
        "bench phold --baseline --repetitions 1000 --events 1000000000",
        "bench boots CFG --seeds 100000 --jobs 1",
        "bench store --operations 1000000000",
        "bench block --operations 1000000000",
        "xenstore ls SCENARIOS",
        "lsevtchn 1 SCENARIOS",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_long_command_ends_with_130_and_one_line(string line)
    {
        var (code, output, errors) = Interrupt(Arguments(line));
        Assert.Equal(("xenactors: cancelled", 130), (errors.TrimEnd('\n').Split('\n')[^1], code));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("xvda1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boot GUESTS --kernel debian12-6.1 --trace TRACE --timeline TIMELINE")]
    [InlineData("run ENDLESS --trace TRACE --timeline TIMELINE")]
    public void Files_written_until_then_are_whole(string line)
    {
        Assert.Equal(130, Interrupt(Arguments(line)).Code);
        Assert.EndsWith("\n", File.ReadAllText(Path.Combine(_directory, "trace")), StringComparison.Ordinal);

        // A trace for the Perfetto viewer is a row of packets, each with its tag and its length; a slice that is begun is ended.
        var timeline = File.ReadAllBytes(Path.Combine(_directory, "timeline"));
        var (at, packets) = (0, 0);
        for (; at < timeline.Length; packets++)
        {
            Assert.Equal(0x0a, timeline[at++]);
            var (length, shift) = (0, 0);
            do
            {
                length |= (timeline[at] & 0x7f) << shift;
                shift += 7;
            }
            while ((timeline[at++] & 0x80) != 0);
            at += length;
        }

        Assert.Equal(timeline.Length, at);
        Assert.InRange(packets, 1000, int.MaxValue);
    }

    private string[] Arguments(string line) => [.. line.Split(' ').SelectMany(word => word switch
    {
        "GUESTS" => Guests(),
        "SCENARIOS" => Guests().SelectMany(file => (string[])["--scenario", file]),
        "CFG" => [Command.Example("debian12.cfg")],
        "ENDLESS" => [Written("endless.conf", """
            domains { web { disk = ["phy:/dev/vg/web,xvda,w"] } }
            workloads { w { kind = fio, rw = randread, size = 1 MiB, time_based = true, runtime = 1000000, verify = off } }
            end { at = 1000000s, messages = 2000000000 }
            """)],
        "JOBS" => [Written("jobs.conf", "jobs { j { filename = xvda, rw = randread, bs = 4k, size = 1m, time_based = 1, runtime = 1000000 } }")],
        "TRACE" or "TIMELINE" => [Path.Combine(_directory, word.ToLowerInvariant())],
        _ => (IEnumerable<string>)[word],
    })];

    private List<string> Guests()
    {
        var text = File.ReadAllText(Command.Example("debian12.cfg"));
        return [.. Enumerable.Range(0, 60).Select(i => Written(
            string.Create(CultureInfo.InvariantCulture, $"g{i}.cfg"),
            text.Replace("f16pvhvm", string.Create(CultureInfo.InvariantCulture, $"g{i}"), StringComparison.Ordinal)
                .Replace("/dev/loop0", string.Create(CultureInfo.InvariantCulture, $"/dev/loop{i}"), StringComparison.Ordinal)
                .Replace("mac=00:16:4f:02:02:15, ", "", StringComparison.Ordinal)))];
    }

    private string Written(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static (int Code, string Output, string Errors) Interrupt(string[] arguments)
    {
        var start = new ProcessStartInfo("env") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. Command.Signalled, Command.Program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        for (var i = 0; i < 6000 && !process.HasExited && process.TotalProcessorTime < AtWork; i++)
        {
            Thread.Sleep(10);
            process.Refresh();
        }

        Assert.False(process.HasExited, $"it ended before it could be interrupted: {(process.HasExited ? errors.Result : "")}");
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {process.Id}")]);
        if (!process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            process.Kill();
            Assert.Fail("it goes on 20 seconds after an interrupt");
        }

        process.WaitForExit();
        return (process.ExitCode, output.Result, errors.Result);
    }
}
