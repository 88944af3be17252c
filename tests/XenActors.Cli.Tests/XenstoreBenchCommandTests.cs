using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace XenActors.Tests.Cli;

public sealed class XenstoreBenchCommandTests : IDisposable
{
    private static readonly string[] Loads =
    [
        "single reads, 1 connection", "single writes, 1 connection", "16 connections, 70/30 over 10k keys", "transactions, 1 connection",
        "transactions, 8 connections, disjoint", "transactions, 8 connections, conflicting", "1000 watches", "directory of 1000 children",
        "a domain's boot (309 requests, 133 nodes, 9 transactions)", "pipelined reads, depth 32", "connect, read, close",
        "boots with 100,000 nodes resident",
    ];

    private readonly string directory = Directory.CreateTempSubdirectory("xs").FullName;
    private readonly List<Process> servers = [];

    public void Dispose()
    {
        foreach (var server in servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }

        Directory.Delete(directory, true);
    }

    [Fact]
    public void It_prints_a_row_a_load_and_the_memory_and_leaves_nothing_behind()
    {
        var socket = Serve("one");
        var (code, output, errors) = Command.Run("bench", "xenstore", "--socket", socket, "--seconds", "0.05");
        Assert.Equal((0, ""), (code, errors));
        var lines = output.Split('\n');
        Assert.Equal("| load | per second | daemon's CPU, us each |", lines[0]);
        Assert.Equal(Loads, lines[2..14].Select(l => l.Split(" | ")[0][2..]));
        Assert.All(lines[2..14], l => Assert.Matches(@" \| [1-9][0-9.]* [a-z]+ \| [0-9]+\.[0-9] \|$", l));
        Assert.Equal(["", "| nodes | resident MiB |", "|---|---|"], lines[14..17]);
        Assert.Equal(["0", "10000", "100000"], lines[17..20].Select(l => l.Split(" | ")[0][2..]));

        Assert.Equal("ENOENT\0", Read(socket, "/xenactors-bench"));
    }

    [Fact]
    public void Two_daemons_take_turns_and_their_ratio_is_told()
    {
        var (first, second) = (Serve("first"), Serve("second"));
        string[] arguments = ["bench", "xenstore", "--socket", first, "--against", second, "--only", "directory", "--seconds", "0.05", "--rounds", "2"];
        var (code, output, errors) = Command.Run(arguments);
        Assert.Equal((0, ""), (code, errors));
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal($"first: {first}; second: {second}", lines[0]);
        Assert.Matches(@"^\| directory of 1000 children \| [0-9.]+ listings \| [0-9.]+ \| [0-9.]+ listings \| [0-9.]+ \| [0-9]+\.[0-9]{2} \|$", lines[^1]);

        using var json = JsonDocument.Parse(Command.Run([.. arguments, "--json"]).Output);
        Assert.Equal([first, second], json.RootElement.GetProperty("sockets").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(2, json.RootElement.GetProperty("rounds").GetInt32());
        var load = Assert.Single(json.RootElement.GetProperty("loads").EnumerateArray());
        Assert.Equal(("directory of 1000 children", "listings"), (load.GetProperty("name").GetString(), load.GetProperty("unit").GetString()));
        Assert.All(load.GetProperty("daemons").EnumerateArray(), d => Assert.True(d.GetProperty("per_second").GetDouble() > 0));
        Assert.True(load.GetProperty("ratio").GetDouble() > 0);
    }

    [Fact]
    public void An_interrupt_ends_it_and_removes_its_nodes()
    {
        var socket = Serve("one");
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. Command.Signalled, Command.Program, "bench", "xenstore", "--socket", socket, "--seconds", "0.3", "--rounds", "1"]) start.ArgumentList.Add(argument);
        using var bench = Process.Start(start)!;
        Assert.StartsWith("| load", bench.StandardOutput.ReadLine(), StringComparison.Ordinal);
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {bench.Id}")]);
        bench.WaitForExit();
        Assert.Equal((130, "xenactors: cancelled\n"), (bench.ExitCode, bench.StandardError.ReadToEnd()));
        Assert.Equal("ENOENT\0", Read(socket, "/xenactors-bench"));
    }

    [Theory]
    [InlineData("/nonexistent/socket: No such file or directory", "--socket", "/nonexistent/socket")]
    [InlineData("--seconds: '0' is not a number from 0.01 to 3600", "--socket", "/nonexistent/socket", "--seconds", "0")]
    [InlineData("--rounds: '0' is not a whole number from 1 to 1000", "--socket", "/nonexistent/socket", "--rounds", "0")]
    [InlineData("--only: expected part of a load's name but found 'sleeping'", "--socket", "/nonexistent/socket", "--only", "sleeping")]
    public void A_mistake_is_one_line_and_exit_code_2(string line, params string[] arguments)
    {
        var (code, output, errors) = Command.Run(["bench", "xenstore", .. arguments]);
        Assert.Equal((2, "", line + "\n"), (code, output, errors));
    }

    [Fact]
    public void A_second_daemon_that_is_not_there_is_a_mistake_too()
    {
        var socket = Serve("one");
        var (code, output, errors) = Command.Run("bench", "xenstore", "--socket", socket, "--against", "/nonexistent/socket");
        Assert.Equal((2, "", "/nonexistent/socket: No such file or directory\n"), (code, output, errors));
    }

    // What a daemon answers to READ: struct xsd_sockmsg and payload.
    private static string Read(string path, string node)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        socket.Send([2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, (byte)(node.Length + 1), 0, 0, 0, .. Encoding.Latin1.GetBytes(node), 0]);
        var reply = new byte[100];
        return Encoding.Latin1.GetString(reply, 16, socket.Receive(reply) - 16);
    }

    private string Serve(string name)
    {
        var socket = Path.Combine(directory, name);
        servers.Add(XenstoredCommandTests.Start(socket));
        return socket;
    }
}
