using XenActors.Xenstore;
using XenActors.Xenstore.Traces;

namespace XenActors.Tests.Xenstore.Traces;

public sealed class TraceReplayTests(Xunit.Abstractions.ITestOutputHelper log)
{
    [Theory]
    [InlineData("A1.trace-create-paused.txt", 912, 58)]
    [InlineData("A2.trace-boot.txt", 284, 39)]
    [InlineData("B1.trace-block-attach.txt", 1343, 10)]
    [InlineData("B2.trace-block-detach.txt", 1027, 6)]
    [InlineData("B3.trace-network-attach.txt", 1351, 10)]
    [InlineData("B4.trace-network-detach.txt", 1111, 8)]
    [InlineData("C6.trace-shutdown.txt", 359, 13)]
    [InlineData("F.unplug-nics.trace-create-boot.txt", 1193, 107)]
    [InlineData("F.unplug-nics.trace-destroy.txt", 300, 5)]
    [InlineData("F.unplug-unnecessary.trace-create-boot.txt", 1118, 97)]
    [InlineData("F.unplug-unnecessary.trace-destroy.txt", 302, 9)]
    [InlineData("H2.trace-busy-detach.txt", 410, 6)]
    [InlineData("H2.trace-force-detach.txt", 344, 0)]
    public void A_real_hosts_trace_replays_without_a_difference(string file, int replies, int events)
    {
        var outcome = TraceReplay.Run(TraceParser.Parse(GroundTruth.Text(file)));
        log.WriteLine($"{outcome.Replies} replies, {outcome.Events} events, {outcome.OlderEvents} of older watches; {outcome.Difference}");
        Assert.Null(outcome.Difference);
        Assert.InRange(outcome.Replies, replies, int.MaxValue);
        Assert.InRange(outcome.Events, events, int.MaxValue);
    }

    [Fact]
    public void Creating_and_booting_a_domain_gets_the_real_daemons_replies_and_tree()
    {
        var create = GroundTruth.Text("A1.trace-create-paused.txt");
        var created = Replay(create, "A0.xenstore-dom0-only.txt");
        Assert.Equal(GroundTruth.Lines("A1.xenstore-paused.txt"), XenstoreLs.Render(created.Store.Dump()).TrimEnd('\n').Split('\n'));
        var booted = Replay(create + GroundTruth.Text("A2.trace-boot.txt"), "A0.xenstore-dom0-only.txt");
        Assert.Equal(GroundTruth.Lines("A2.xenstore-running.txt"), XenstoreLs.Render(booted.Store.Dump()).TrimEnd('\n').Split('\n'));
        Assert.Equal(1196, booted.Replies);
    }

    [Theory]
    [InlineData("OUT 0x1 20261122 07:47:22 READ (2)", "READ (2)", "READ (1)")]
    [InlineData("OUT 0x1 20261122 07:47:22 ERROR (ENOENT )", "ERROR (ENOENT )", "READ (1)")]
    [InlineData("OUT 0x1 20261122 07:47:22 READ (1)\nOUT 0x2 20261122 07:47:22 WATCH_EVENT (/a/c t )", "WATCH_EVENT (/a/c t )", "WATCH_EVENT (/a/b t )")]
    [InlineData("OUT 0x1 20261122 07:47:22 READ (1)\nIN 0x2 20261122 07:47:22 READ (/a/b )\nOUT 0x2 20261122 07:47:22 READ (1)", "READ (1)", "WATCH_EVENT (/a/b t )")]
    public void The_first_difference_is_told_with_its_line(string answer, string expected, string found)
    {
        var outcome = TraceReplay.Run(TraceParser.Parse(
            $"""

            ***
            CREATE connection 0x1
            CREATE connection 0x2
            IN 0x2 20261122 07:47:22 WATCH (/a t )
            CREATE watch 0x3
            OUT 0x2 20261122 07:47:22 WATCH (OK )
            OUT 0x2 20261122 07:47:22 WATCH_EVENT (/a t )
            IN 0x1 20261122 07:47:22 WRITE (/a/b 1)
            wrl: dom    0      0  msec      10000 credit     1000000 reserve          0 discard
            OUT 0x1 20261122 07:47:22 WRITE (OK )
            IN 0x1 20261122 07:47:22 READ (/a/b )
            {answer}

            """));
        Assert.Equal((12 + answer.Split('\n').Length, expected, found), (outcome.Difference?.Line, outcome.Difference?.Expected, outcome.Difference?.Found));
    }

    [Fact]
    public void What_was_there_before_is_learned_once_and_must_stay_so()
    {
        const string trace =
            """
            IN 0x1 20261122 07:47:22 READ (/old/a )
            OUT 0x1 20261122 07:47:22 READ (was
            here )
            IN 0x1 20261122 07:47:22 DIRECTORY (/old )
            OUT 0x1 20261122 07:47:22 DIRECTORY (z a )
            IN 0x1 20261122 07:47:22 GET_PERMS (/old/z )
            OUT 0x1 20261122 07:47:22 GET_PERMS (n3 r7 )
            IN 0x1 20261122 07:47:22 WRITE (/old/a new)
            OUT 0x1 20261122 07:47:22 WRITE (OK )
            IN 0x1 20261122 07:47:22 READ (/old/a )

            """;
        Assert.Null(TraceReplay.Run(TraceParser.Parse(trace + "OUT 0x1 20261122 07:47:22 READ (new)\n")).Difference);
        Assert.Equal("READ (new)", TraceReplay.Run(TraceParser.Parse(trace + "OUT 0x1 20261122 07:47:22 READ (other)\n")).Difference?.Found);
    }

    [Theory]
    [InlineData(1, 1, "expected a line of xenstored's trace (IN, OUT, CREATE, DESTROY, ...) but found garbage", "garbage")]
    [InlineData(2, 4, "expected a connection such as 0x55f30c66bdb0 but found x 20261122 07:47:22 READ (/a )", "CREATE connection 0x1\nIN x 20261122 07:47:22 READ (/a )")]
    [InlineData(1, 8, "expected a date, a time, a message type and a payload in parentheses but found READ (/a )", "IN 0x1 READ (/a )")]
    [InlineData(1, 26, "expected a message type such as READ but found REED", "IN 0x1 20261122 07:47:22 REED (/a )")]
    [InlineData(1, 35, "expected ) behind the payload", "IN 0x1 20261122 07:47:22 READ (/a ")]
    public void What_is_no_trace_is_refused_with_its_place(int line, int column, string message, string text)
    {
        var mistake = Assert.Throws<TraceSyntaxException>(() => TraceParser.Parse(text + "\n"));
        Assert.Equal((line, column, message), (mistake.Line, mistake.Column, mistake.Message));
    }

    [Fact]
    public void The_torn_last_line_of_a_daemon_that_was_killed_is_left_out() =>
        Assert.Single(TraceParser.Parse("IN 0x1 20261122 07:47:22 READ (/a )\nOUT 0x1 20261122 07:47:22 REA"));

    [Theory]
    [InlineData(1, 1, "expected a line of xenstore-ls -fp, such as /tool = \"\"   (n0)", "tool = \"\"")]
    [InlineData(2, 12, "expected permissions such as (n0,r5): list with -p", "/a = \"\"   (n0)\n/tool = \"x\"")]
    public void What_is_no_listing_is_refused_with_its_place(int line, int column, string message, string text)
    {
        var mistake = Assert.Throws<TraceSyntaxException>(() => TraceBeginning.FromListing(text));
        Assert.Equal((line, column, message), (mistake.Line, mistake.Column, mistake.Message));
    }

    private TraceOutcome Replay(string trace, string listing)
    {
        var outcome = TraceReplay.Run(TraceParser.Parse(trace), TraceBeginning.FromListing(GroundTruth.Text(listing)));
        log.WriteLine($"{outcome.Replies} replies, {outcome.Events} events; {outcome.Difference}");
        Assert.Null(outcome.Difference);
        return outcome;
    }
}
