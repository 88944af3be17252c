using System.Text.RegularExpressions;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>Debian's own test of a xenstore, test-xenstore.</summary>
public sealed partial class TestXenstoreTests
{
    private const DebianNeeds Both = DebianNeeds.Tools | DebianNeeds.Daemon;

    [DebianFact(Both)]
    public void All_twelve_pass_as_with_the_real_daemon()
    {
        using var real = new RealXenstored();
        var names = Passed(DebianTools.Run(real.Socket, "test-xenstore"));
        Assert.Equal(12, names.Length);
        using var ours = new RunningServer();
        Assert.Equal(names, Passed(DebianTools.Run(ours.Socket, "test-xenstore")));
        Assert.Equal(names, Passed(DebianTools.Run(ours.Socket, "test-xenstore", "-i", "1000")));
        Assert.Equal(default, ours.Counts);
    }

    [DebianFact(Both)]
    public async Task Ten_seconds_of_random_tests_pass()
    {
        using var ours = new RunningServer();
        using var process = DebianTools.Start(ours.Socket, "test-xenstore", "-r", "10");
        await process.WaitForExitAsync(); // other tests go on meanwhile
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync());
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(default, ours.Counts);
        // It removed what it made, but for its home.
        Assert.Equal(["/tool = \"\"", "/tool/xenstored = \"\"", "/local = \"\"", "/local/domain = \"\"", "/local/domain/0 = \"\"", "0"], DebianTools.Run(ours.Socket, "xenstore-ls", "-f").Split('\n'));
    }

    // A line for each test, with times; anything else is a failure.
    private static string[] Passed(string printed)
    {
        var lines = printed.Split('\n');
        Assert.Equal("0", lines[^1]);
        return Array.ConvertAll(lines[..^1], line =>
        {
            var passed = Timed().Match(line);
            Assert.True(passed.Success, line);
            return passed.Groups[1].Value;
        });
    }

    [GeneratedRegex(@"^(.{10}): (?:\d+ ns|avg: \d+ ns \(\d+ ns \.\. \d+ ns\))$")]
    private static partial Regex Timed();
}
