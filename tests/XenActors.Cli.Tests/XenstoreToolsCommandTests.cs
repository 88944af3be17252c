namespace XenActors.Tests.Cli;

/// <summary>The tools as a shell runs them. What they print beside Debian's is tested with the sockets.</summary>
public sealed class XenstoreToolsCommandTests
{
    private static readonly string Scenario = Command.Example("debian12.cfg");

    private static (int ExitCode, string Output, string Errors) Xenstore(params string[] arguments)
    {
        var (code, output, errors) = Command.Run(["xenstore", .. arguments]);
        return (code, output, string.Concat(errors.Split('\n').Where(l => l.Length > 0 && !l.StartsWith("WARNING: ", StringComparison.Ordinal)).Select(l => l + "\n")));
    }

    [Fact]
    public void A_scenarios_store_is_the_one_that_boot_prints()
    {
        var (_, printed, _) = Command.Run("boot", Scenario, "--print", "xenstore");
        Assert.Equal((0, printed, ""), Xenstore("ls", "-fp", "--scenario", Scenario));
        Assert.Equal((0, "f16pvhvm\n", ""), Xenstore("read", "/local/domain/1/name", "--scenario=" + Scenario));
        Assert.Equal((1, "", ""), Xenstore("exists", "/local/domain/2", "--scenario", Scenario));
    }

    [Fact]
    public void A_scenarios_store_can_be_seen_before_its_guest_has_booted()
    {
        var (_, early, _) = Xenstore("ls", "-f", "--scenario", Scenario, "--at", "0.1ms", "/local/domain");
        Assert.Contains("/local/domain/0 = \"\"", early, StringComparison.Ordinal);
        Assert.DoesNotContain("/local/domain/1", early, StringComparison.Ordinal);
    }

    [Fact]
    public void Watching_a_scenario_tells_the_whole_run()
    {
        var (code, output, errors) = Xenstore("watch", "--scenario", Scenario, "/local/domain/1/device/vbd/768/state", "@introduceDomain");
        Assert.Equal((0, ""), (code, errors));
        // The watches' own first events; the domain is introduced, its device written, the guest connects it.
        Assert.Equal(
            """
            /local/domain/1/device/vbd/768/state
            @introduceDomain
            @introduceDomain
            /local/domain/1/device/vbd/768/state
            /local/domain/1/device/vbd/768/state
            /local/domain/1/device/vbd/768/state

            """,
            output);
        Assert.Equal((0, "/local/domain/1/device/vbd/768/state\n/local/domain/1/device/vbd/768/state\n", ""), Xenstore("watch", "-n", "2", "--scenario", Scenario, "/local/domain/1/device/vbd/768/state"));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("rm")]
    [InlineData("chmod")]
    public void A_scenarios_store_is_not_written(string tool) =>
        Assert.Equal(
            (2, "", $"xenstore {tool}: the store of a scenario can only be read; expected ls, read, list, exists or watch\n"),
            Xenstore(tool, "--scenario", Scenario, "/a", "n0"));

    [Theory]
    [InlineData("/nonexistent/socket: No such file or directory", "ls", "--socket", "/nonexistent/socket")]
    [InlineData("/nonexistent.cfg: no such file", "ls", "--scenario", "/nonexistent.cfg")]
    [InlineData("--socket, --scenario: expected one of them", "ls", "--socket", "a", "--scenario", "b")]
    [InlineData("--socket: expected a value but found nothing", "ls", "--socket")]
    [InlineData("--socket: expected a value but found nothing", "ls", "--socket=")]
    [InlineData("--at: expected a time such as 1.5s or 200ms but found soon", "ls", "--scenario", "x", "--at", "soon")]
    [InlineData("--seed: '-1' is not a whole number from 0 to 18446744073709551615", "ls", "--scenario", "x", "--seed", "-1")]
    [InlineData("--seed: goes with --scenario", "ls", "--recording", "x", "--seed", "1")]
    [InlineData("--at: goes with --scenario or --recording", "ls", "--at", "1s")]
    [InlineData("xenactors: Required command was not provided.", "dump")]
    public void A_mistake_about_the_store_is_one_line_and_exit_code_2(string line, params string[] arguments) =>
        Assert.Equal((2, "", line + "\n"), Xenstore(arguments));

    [Fact]
    public void Without_an_option_the_daemon_is_where_libxenstore_finds_it()
    {
        var directory = Directory.CreateTempSubdirectory("xs").FullName;
        var socket = Path.Combine(directory, "socket");
        using var server = XenstoredCommandTests.Start(socket);
        try
        {
            var program = $"dotnet {Command.Program} xenstore";
            Assert.Equal((0, "1\n", ""), Command.Shell($"export XENSTORED_PATH={socket}; {program} write /a 1 && {program} read /a"));
            Assert.Equal((0, "1\n", ""), Command.Shell($"unset XENSTORED_PATH; XENSTORED_RUNDIR={directory} {program} read /a"));
            // Bytes that are no UTF-8 arrive as they are.
            Assert.Equal((0, "\\xff\\xc3\\xbc\n", ""), Command.Shell($"export XENSTORED_PATH={socket}; {program} write /a $(printf '\\377\\303\\274') && {program} read /a"));
            // A terminal's width cuts.
            var (code, output, _) = Command.Shell($"{program} write --socket {socket} /b/c 0123456789; script -qefc 'stty cols 20; {program} ls --socket {socket} /b' /dev/null");
            Assert.Equal((0, "c = \"012345678\\...\"\r\n"), (code, output));
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
            Directory.Delete(directory, true);
        }

        Assert.Equal((1, "", "xenstore-read: xs_open: No such file or directory\n"), Command.Shell($"XENSTORED_PATH={socket} dotnet {Command.Program} xenstore read /a"));
    }
}
