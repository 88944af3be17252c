using System.Diagnostics;
using System.Globalization;

namespace XenActors.Tests.Cli;

public sealed class XenstoredCommandTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void It_serves_until_a_signal_and_removes_its_socket(string signal)
    {
        var socket = Path.Combine(Directory.CreateTempSubdirectory("xs").FullName, "socket");
        using var server = Start(socket);
        Assert.Equal(0, Command.Run("bench", "xenstore", "--socket", socket, "--only", "single", "--seconds", "0.01").ExitCode);

        var (refused, _, line) = Command.Run("xenstored", "--socket", socket);
        Assert.Equal(2, refused);
        Assert.Equal($"{socket}: another server listens there\n", line);

        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {server.Id}")]);
        server.WaitForExit();
        Assert.Equal(0, server.ExitCode);
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public void A_killed_servers_socket_is_taken_over()
    {
        var socket = Path.Combine(Directory.CreateTempSubdirectory("xs").FullName, "socket");
        using (var first = Start(socket))
        {
            first.Kill();
            first.WaitForExit();
        }

        Assert.True(File.Exists(socket));
        using var second = Start(socket);
        second.Kill();
        second.WaitForExit();
    }

    [Theory]
    [InlineData("xenactors: Option '--socket' is required.", "xenstored")]
    [InlineData("/nonexistent/socket: No such file or directory", "xenstored", "--socket", "/nonexistent/socket")]
    [InlineData("/nonexistent/evtchn: No such file or directory", "xenstored", "--socket", "/tmp/xenactors-cli-test.socket", "--guest-rings", "/nonexistent")]
    public void A_mistake_is_one_line_and_exit_code_2(string line, params string[] arguments)
    {
        var (code, output, errors) = Command.Run(arguments);
        Assert.Equal((2, "", line + "\n"), (code, output, errors));
    }

    /// <summary>A server, once it listens: it says so.</summary>
    internal static Process Start(string socket, params string[] options)
    {
        var start = new ProcessStartInfo("env") { RedirectStandardError = true };
        foreach (var argument in (string[])[.. Command.Signalled, Command.Program, "xenstored", "--socket", socket, .. options]) start.ArgumentList.Add(argument);
        var server = Process.Start(start)!;
        Assert.Equal($"xenstored: listening at {socket}", server.StandardError.ReadLine());
        return server;
    }
}
