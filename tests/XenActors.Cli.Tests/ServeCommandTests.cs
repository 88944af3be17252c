using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace XenActors.Tests.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("serve").FullName;

    private string SocketPath => Path.Combine(_directory, "xs");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void It_serves_until_a_signal_and_its_recording_replays_to_the_same_fingerprint(string signal)
    {
        using var server = Start("--speed", "max");
        var recording = Path.Combine(_directory, Assert.Single(Directory.GetFiles(_directory, "serve-*.recording")));
        Assert.EndsWith(" s: dom0 is up", server.StandardError.ReadLine(), StringComparison.Ordinal);
        using (var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 })
        {
            client.Connect(new UnixDomainSocketEndPoint(SocketPath));
            client.Send([11, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, (byte)'/', (byte)'a', 0, (byte)'1']); // WRITE
            Assert.Equal(19, client.Receive(new byte[64])); // OK and its NUL
        }

        // Another server there is refused, after a look at who listens, and makes no recording.
        var (refused, _, line) = Command.Run("serve", "--xenstore", $"unix:{SocketPath}", "--record", Path.Combine(_directory, "other"));
        Assert.Equal((2, $"{SocketPath}: another server listens there\n"), (refused, line));
        Assert.False(File.Exists(Path.Combine(_directory, "other")));

        var last = End(server, signal);
        var served = Regex.Match(last, @"served \d+\.\d{9} s of virtual time: (1) requests of (2) clients, fingerprint ([0-9a-f]{16})\n$");
        Assert.True(served.Success, last);
        Assert.False(File.Exists(SocketPath));

        var (again, output, told) = Command.Run("replay", recording, "--print", "fingerprint,xl-list", "--engine", "threads", "--partitions", "2");
        Assert.Equal(0, again);
        Assert.Matches($"^replayed .* s of virtual time: {served.Groups[1].Value} requests of .* fingerprint {served.Groups[3].Value}, as recorded\n$", told);
        Assert.StartsWith($"# fingerprint\n{served.Groups[3].Value}\n\n# xl-list\nName ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_session_can_be_replayed_and_its_socket_taken_over()
    {
        using (var first = Start("--record", Path.Combine(_directory, "r")))
        {
            first.Kill();
            first.WaitForExit();
        }

        var (code, output, errors) = Command.Run("replay", Path.Combine(_directory, "r"));
        Assert.Equal((0, ""), (code, output));
        Assert.Matches($"^replayed .*, as far as is known the recorded history\n{_directory}/r: has no last line: the session was killed, or still runs\n$", errors);
        using var second = Start("--record", "none");
        Assert.EndsWith("clients, fingerprint ", Regex.Replace(End(second, "TERM"), "[0-9a-f]{16}\n$", ""), StringComparison.Ordinal);
        Assert.Equal(["r"], Directory.GetFiles(_directory).Select(Path.GetFileName));
    }

    [Fact]
    public void A_recording_that_was_changed_ends_with_1_and_says_where_the_histories_part()
    {
        using (var server = Start("--record", Path.Combine(_directory, "r"), "--speed", "max"))
        {
            Assert.EndsWith(" s: dom0 is up", server.StandardError.ReadLine(), StringComparison.Ordinal);
            End(server, "TERM");
        }

        var file = Path.Combine(_directory, "r");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\nseed 1\n", "\nseed 2\n", StringComparison.Ordinal));
        var (code, _, errors) = Command.Run("replay", file);
        Assert.Equal(1, code);
        Assert.Matches(
            @"^replayed .* fingerprint [0-9a-f]{16}, recorded was [0-9a-f]{16}\nthe histories part between 0\.000000000 s and .* s, in .*dom0.*\nthis very build recorded it: ",
            errors);
    }

    [Fact]
    public void A_replay_traces_as_a_boot_does()
    {
        using (var server = Start("--record", Path.Combine(_directory, "r"), "--speed", "max"))
        {
            Assert.EndsWith(" s: dom0 is up", server.StandardError.ReadLine(), StringComparison.Ordinal);
            End(server, "TERM");
        }

        var trace = Path.Combine(_directory, "trace");
        Assert.Equal(0, Command.Run("replay", Path.Combine(_directory, "r"), "--trace", trace).ExitCode);
        Assert.Contains(File.ReadLines(trace), l => l.Contains("dom0/xenstored", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--xenstore: expected unix:PATH but found /tmp/x", "serve", "--xenstore", "/tmp/x")]
    [InlineData("--xenstore: expected unix:PATH but found unix:", "serve", "--xenstore", "unix:")]
    [InlineData("/nonexistent/socket: No such file or directory", "serve", "--xenstore", "unix:/nonexistent/socket")]
    [InlineData("--record: expected a file or none but found an empty name", "serve", "--record", "")]
    [InlineData("--speed: '0' is not a number from 0.001 to 1000000, or max", "serve", "--speed", "0")]
    [InlineData("--speed: 'fast' is not a number from 0.001 to 1000000, or max", "serve", "--speed", "fast")]
    [InlineData("/nonexistent.cfg: no such file", "serve", "/nonexistent.cfg")]
    [InlineData("--nbd: expected DOMAIN/DEVICE=unix:PATH or DOMAIN/DEVICE=127.0.0.1:PORT but found guest/xvda", "serve", "--nbd", "guest/xvda")]
    [InlineData("--nbd: expected DOMAIN/DEVICE=unix:PATH or DOMAIN/DEVICE=127.0.0.1:PORT but found guest/=unix:x", "serve", "--nbd", "guest/=unix:x")]
    [InlineData("--nbd: expected DOMAIN/DEVICE=unix:PATH or DOMAIN/DEVICE=127.0.0.1:PORT but found guest/xvda=0.0.0.0:1", "serve", "--nbd", "guest/xvda=0.0.0.0:1")]
    [InlineData("--nbd guest/xvda=unix:x: expected one of no guests but found guest", "serve", "--nbd", "guest/xvda=unix:x")]
    [InlineData("--wrong: unknown option", "serve", "--wrong")]
    [InlineData("/nonexistent: no such recording", "replay", "/nonexistent")]
    [InlineData("--print: expected some of dmesg, partitions, ethtool, links, unplugged, verdict, xenstore, xl-list, states, topology, fingerprint but found nothing", "replay", "/nonexistent", "--print", "")]
    public void A_mistake_is_one_line_and_exit_code_2(string line, params string[] arguments)
    {
        var (code, output, errors) = Command.Run(arguments);
        Assert.Equal((2, "", line + "\n"), (code, output, errors));
    }

    [Fact]
    public void A_damaged_recording_and_a_file_that_is_none_are_told_with_their_place()
    {
        var file = Path.Combine(_directory, "r");
        File.WriteAllText(file, "xenactors recording 7\n");
        Assert.Equal((2, "", $"{file}:1:21: expected a recording's version from 3 to 3 but found 7\n"), Command.Run("replay", file));
        File.WriteAllText(file, "mine");
        Assert.Equal((2, "", $"{file}: exists and is no recording\n"), Command.Run("serve", "--xenstore", $"unix:{SocketPath}", "--record", file));
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.False(File.Exists(SocketPath));
    }

    // Returns once it listens: it says so.
    private Process Start(params string[] more)
    {
        var start = new ProcessStartInfo("env") { RedirectStandardError = true };
        foreach (var argument in (string[])[.. Command.Signalled, Command.Program, "serve", "--xenstore", $"unix:{SocketPath}", .. more])
        {
            start.ArgumentList.Add(argument);
        }

        var server = Process.Start(start)!;
        var recorded = server.StandardError.ReadLine();
        Assert.True(recorded == "not recorded" || recorded!.StartsWith($"recorded in {_directory}/", StringComparison.Ordinal), recorded);
        Assert.Equal($"serving xenstore: XENSTORED_PATH={SocketPath} xenstore-ls -fp", server.StandardError.ReadLine());
        return server;
    }

    private static string End(Process server, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {server.Id}")]);
        var errors = server.StandardError.ReadToEnd();
        server.WaitForExit();
        Assert.Equal(0, server.ExitCode);
        return errors;
    }
}
