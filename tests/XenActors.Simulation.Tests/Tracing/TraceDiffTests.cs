using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Tracing;

public sealed class TraceDiffTests
{
    [Fact]
    public void Equal_traces_have_no_difference()
    {
        Assert.Null(TraceDiff.First(["a", "b"], ["a", "b"]));
        Assert.Null(TraceDiff.First(Trace(5), Trace(5)));
    }

    [Fact]
    public void The_first_diverging_event_is_named_after_three_lines_of_context()
    {
        var difference = TraceDiff.First(Trace(7), Trace(8))!;
        Assert.Equal(6, difference.Index);
        Assert.Equal(
            """
              0.000000003 p/log <- outside Note { Number = 3 }
              0.000000004 p/log <- outside Note { Number = 4 }
              0.000000005 p/log <- outside Note { Number = 5 }
            first difference, event 6:
            - 0.000000006 p/log <- outside Note { Number = 7 }
            + 0.000000006 p/log <- outside Note { Number = 8 }
            """.ReplaceLineEndings(),
            difference.ToString());
    }

    [Fact]
    public void The_shorter_trace_is_said_to_end()
    {
        var difference = TraceDiff.First(["a"], ["a", "b"])!;
        Assert.Null(difference.Left);
        Assert.EndsWith("- (ends here)" + Environment.NewLine + "+ b", difference.ToString());
    }

    [Fact]
    public void A_difference_inside_a_field_that_the_text_does_not_show_is_found()
    {
        var difference = TraceDiff.First(Content(1), Content(2))!;
        Assert.NotEqual(difference.Left, difference.Right);
        Assert.Equal(difference.Left!.Split(" #")[0], difference.Right!.Split(" #")[0]);
        Assert.Null(TraceDiff.First(Content(1), Content(1)));
    }

    [Fact]
    public void A_stopped_senders_path_is_the_same_on_every_engine()
    {
        Assert.All(new[] { 0, 2 }, partitions =>
        {
            var builder = new SimulatorBuilder(1) { DefaultLatency = new(10), Engine = Runs.Engine(partitions) };
            var (a, b) = (builder.AddProcess("a"), builder.AddProcess("b"));
            var simulator = builder.Build();
            var trace = simulator.Traced();
            var log = simulator.Spawn<LogActor, LogState>(b, "log", new LogState());
            var brief = simulator.Spawn<Brief, LogState>(a, "brief", new LogState { To = log });
            simulator.TellAt(new VirtualTime(50), brief, new Note(2));
            simulator.Run();
            Assert.Contains("0.000000010 b/log <- a/brief Note { Number = 1 }", trace.Records.Select(r => r.ToString()));
            Assert.Contains("0.000000050 a/brief <- outside Note { Number = 2 }", trace.Records.Select(r => r.ToString()));
        });
    }

    [Fact]
    public void Trace_text_is_one_line_a_message()
    {
        var (simulator, log) = Logs.One();
        var text = new StringWriter();
        simulator.TraceTo(new TraceText(text));
        simulator.Tell(log, new Note(4));
        simulator.Run();
        Assert.Equal(
            ["0.000000000 p/log <- outside Start { }", "0.000000000 p/log <- outside Note { Number = 4 }"],
            text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    private static TraceLog Trace(int seventh)
    {
        var trace = new TraceLog();
        var (fresh, target) = Logs.One();
        fresh.TraceTo(trace);
        for (var i = 0; i < 9; i++)
        {
            fresh.TellAt(new VirtualTime(i), target, new Note(i == 6 ? seventh : i));
        }

        fresh.RunUntil(new VirtualTime(100));
        var withoutStart = new TraceLog();
        foreach (var record in trace.Records.Where(r => r.Message != typeof(Start).FullName))
        {
            withoutStart.Record(in record);
        }

        return withoutStart;
    }

    private static TraceLog Content(byte content)
    {
        var (simulator, log) = Logs.One();
        var trace = simulator.Traced();
        simulator.Tell(log, new Words("same", [0, content]));
        simulator.Run();
        return trace;
    }
}

/// <summary>Says one thing and stops.</summary>
public sealed class Brief : Actor<LogState>
{
    protected override void PreStart()
    {
        Context.Tell(State.To, new Note(1));
        Context.Stop();
    }
}
