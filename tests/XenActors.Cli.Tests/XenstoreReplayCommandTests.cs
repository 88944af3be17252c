namespace XenActors.Tests.Cli;

public sealed class XenstoreReplayCommandTests : IDisposable
{
    private const string Good =
        """
        CREATE connection 0x1
        IN 0x1 20261122 07:47:22 READ (/a )
        OUT 0x1 20261122 07:47:22 READ (1)
        IN 0x1 20261122 07:47:22 WRITE (/a 2)
        OUT 0x1 20261122 07:47:22 WRITE (OK )
        IN 0x1 20261122 07:47:22 READ (/a )

        """;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("xs");

    private string Log => Path.Combine(directory.FullName, "log");

    private string Listing => Path.Combine(directory.FullName, "listing");

    public void Dispose() => directory.Delete(true);

    [Fact]
    public void A_trace_that_agrees_says_how_much_was_compared()
    {
        File.WriteAllText(Log, Good + "OUT 0x1 20261122 07:47:22 READ (2)\n");
        Assert.Equal((0, $"{Log}: no difference in 3 replies and 0 events\n", ""), Command.Run("xenstore", "replay", Log));
        File.WriteAllText(Listing, "/a = \"1\"   (n0)\n");
        Assert.Equal((0, $"{Log}: no difference in 3 replies and 0 events\n", ""), Command.Run("xenstore", "replay", "--initial", Listing, Log));
    }

    [Fact]
    public void The_first_difference_is_told_with_line_request_and_both_answers()
    {
        File.WriteAllText(Log, Good + "OUT 0x1 20261122 07:47:22 READ (3)\n");
        Assert.Equal(
            (1, $"{Log}:7: differs after 2 replies and 0 events that agree\n  request  READ (/a ) in line 6\n  expected READ (3)\n  found    READ (2)\n", ""),
            Command.Run("xenstore", "replay", Log));
        File.WriteAllText(Listing, "/a = \"other\"   (n0)\n");
        Assert.Equal(
            (1, $"{Log}:3: differs after 0 replies and 0 events that agree\n  request  READ (/a ) in line 2\n  expected READ (1)\n  found    READ (other)\n", ""),
            Command.Run("xenstore", "replay", Log, "--initial", Listing));
    }

    [Fact]
    public void What_cannot_be_read_is_one_line_and_exit_code_2()
    {
        File.WriteAllText(Log, Good + "OUT 0x1 sometime READ (2)\n");
        File.WriteAllText(Listing, "tool\n");
        Assert.Equal(
            (2, "", $"{Log}:7:9: expected a date, a time, a message type and a payload in parentheses but found sometime READ (2)\n"),
            Command.Run("xenstore", "replay", Log));
        Assert.Equal((2, "", $"{Listing}:1:1: expected a line of xenstore-ls -fp, such as /tool = \"\"   (n0)\n"), Command.Run("xenstore", "replay", Log, "--initial", Listing));
        Assert.Equal((2, "", "/nonexistent: no such file\n"), Command.Run("xenstore", "replay", "/nonexistent"));
        Assert.Equal((2, "", "--wat: unknown option\n"), Command.Run("xenstore", "replay", "--wat"));
    }

    [Fact]
    public void What_xenstored_traces_can_be_replayed()
    {
        var socket = Path.Combine(directory.FullName, "socket");
        using (var server = XenstoredCommandTests.Start(socket, "--trace", Log))
        {
            Assert.Equal((0, "", ""), Command.Run("xenstore", "write", "--socket", socket, "/a", "1", "/b", "2"));
            Assert.Equal((0, "1\n", ""), Command.Run("xenstore", "read", "--socket", socket, "/a"));
            server.Kill();
            server.WaitForExit();
        }

        Assert.Equal((0, $"{Log}: no difference in 5 replies and 0 events\n", ""), Command.Run("xenstore", "replay", Log));
        var (code, output, errors) = Command.Run("xenstored", "--socket", socket, "--trace", "/nonexistent/trace");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("--trace /nonexistent/trace: ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }
}
