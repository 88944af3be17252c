using System.Globalization;
using System.Text.RegularExpressions;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Timelines;
using XenActors.Simulation;
using XenActors.Tests.TestKit.Machines;
using XenActors.Xenstore;
using Xunit.Abstractions;

namespace XenActors.Tests.TestKit.Timelines;

/// <summary>Explanations of runs in which a block backend was killed, or a message was lost.</summary>
public sealed partial class ExplanationTests(ITestOutputHelper output) : SmallGuest(output)
{
    private const string Backend = "dom0/xenbus/vbd-1-768";
    private const string Frontend = "dom1/xenbus/vbd-768";

    [Fact]
    public void The_killed_backend_and_the_waiting_frontend_are_named()
    {
        var lines = Killed().Lines;
        Assert.InRange(lines.Count, 10, Explanation.LinesUsual);
        Assert.Single(lines, l => l.Kind == ExplainedKind.Fault && l.What == $"kill {Backend}");
        Assert.Single(lines, l => l.To == Backend && l.What.StartsWith("Kill", StringComparison.Ordinal) && l.Why.Contains("killed", StringComparison.Ordinal));
        Assert.Single(lines, l => l.To == Frontend && l.Why.Contains("the last that vbd-768 hears", StringComparison.Ordinal));
        Assert.Single(lines, l => l.From == Frontend && l.Why.Contains("frontend Initialised", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Why.Contains("backend InitWait", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Why.Contains("Connected", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.What.StartsWith("DeviceTimeout", StringComparison.Ordinal));
        Assert.Equal(ExplainedKind.Violation, lines[^1].Kind);
    }

    [Fact]
    public void Lines_are_in_the_order_of_time_and_no_more_than_asked_for()
    {
        Killed();
        for (var max = 3; max < 60; max += 8)
        {
            var lines = Explain(max).Lines;
            Assert.InRange(lines.Count, 2, max);
            Assert.Equal(lines.Select(l => l.At).Order(), lines.Select(l => l.At));
            Assert.Single(lines, l => l.Kind == ExplainedKind.Violation);
        }
    }

    [Fact]
    public void The_text_has_a_line_an_event_with_time_way_message_and_reason()
    {
        var explanation = Killed();
        var lines = explanation.Text().TrimEnd('\n').Split('\n');
        Assert.Equal(explanation.Lines.Count, lines.Length);
        Assert.Contains(lines, l => FaultLine().IsMatch(l));
        Assert.Contains(lines, l => FrontendLine().IsMatch(l));
        Assert.EndsWith("!!! progress: dom1/vbd/768 is not connected after 310 s", lines[^1]);
    }

    [Fact]
    public void The_diagram_declares_its_participants_and_has_no_characters_that_mean_something_else()
    {
        var lines = Killed().Mermaid().TrimEnd('\n').Split('\n');
        Assert.Equal("sequenceDiagram", lines[0]);
        var declared = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            if (Participant().Match(line) is { Success: true } participant)
            {
                Assert.True(declared.Add(participant.Groups["id"].Value), line);
                continue;
            }

            var statement = Statement().Match(line);
            Assert.True(statement.Success, line);
            Assert.All(statement.Groups["id"].Captures, id => Assert.Contains(id.Value, declared));
            Assert.DoesNotMatch("[#;<>%&]", Entity().Replace(statement.Groups["text"].Value, ""));
        }

        Assert.Contains(lines, l => l.EndsWith($" as {Backend}", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith($" as {Frontend}", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("Note over", StringComparison.Ordinal) && l.Contains("violation of progress", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_run_in_a_small_window_explains_as_the_whole_run_does()
    {
        var whole = Killed();
        var again = Another();
        var guest = Small(again, paused: true);
        var window = new RunWindow(Violated.At, recordsMax: 200, perActorMax: 40);
        again.Simulator.AlsoTraceTo(window);
        again.Kill(Backend);
        guest.Unpause();
        guest.RunToEnd();
        Assert.Equal(Simulator.Fingerprint, again.Simulator.Fingerprint);
        Assert.InRange(window.Records.Count, 200, Trace.Log.Records.Count / 2);
        var lines = Explanation.Of(window.Records, Faults, [Violated]).Lines;

        // What happened before the guest was paused was not recorded this time.
        foreach (var line in whole.Lines.Where(l => l.At >= Faults[0].At && !l.Why.StartsWith("led to", StringComparison.Ordinal)))
        {
            Assert.Contains(line, lines);
        }
    }

    [Fact]
    public void A_window_ends_with_its_moment_and_is_bounded()
    {
        Killed();
        var until = new VirtualTime(Simulator.Now.Nanoseconds / 2);
        ITraceSink window = new RunWindow(until, recordsMax: 10, perActorMax: 2, landmarksMax: 5);
        foreach (var record in Trace.Log.Records)
        {
            window.Record(in record);
        }

        var kept = ((RunWindow)window).Records;
        var actors = Trace.Log.Records.SelectMany(r => new[] { r.Actor, r.Sender }).Distinct().Count();
        Assert.InRange(kept.Count, 10, 15 + (2 * actors));
        Assert.Equal(Trace.Log.Records.Last(r => r.Time <= until), kept[^1]);
        Assert.Equal(kept.Select(r => r.Time).Order(), kept.Select(r => r.Time));
    }

    [Fact]
    public void A_lost_write_is_explained_by_the_fault_that_lost_it()
    {
        var guest = Small(paused: true);
        Fault<XsRequest>("dom1/xenbus", m => IsRingRef(m) ? Verdict.Drop : Verdict.Pass);
        guest.Unpause();
        guest.RunToEnd();
        var violation = new Violation("progress", Simulator.Now, "dom1/vbd/768 is not connected");
        var faults = new List<(VirtualTime, ExplainedKind, string)> { (new VirtualTime(1), ExplainedKind.Fault, "drop: XsRequest to dom1/xenbus") };
        var text = Explanation.Of(Trace.Log.Records, faults, [violation]).Text();
        Assert.Contains("*** fault: drop: XsRequest to dom1/xenbus", text);
        Assert.Contains("the last that vbd-768 says", text);
        Assert.Contains("waited long enough", text);
        Assert.DoesNotContain("frontend Initialised", text);
    }

    [Fact]
    public void What_names_nobody_is_explained_by_what_came_just_before()
    {
        Small(paused: true);
        var violation = new Violation("bounded", Simulator.Now, "too many");
        var lines = Explanation.Of(Trace.Log.Records, [], [violation], 10).Lines;
        Assert.Equal(10, lines.Count);
        Assert.All(lines.Take(9), l => Assert.Equal("just before", l.Why));
        Assert.Equal(Trace.Log.Records[^1].Actor, lines[8].To);
    }

    [Fact]
    public void Of_many_violations_of_one_checker_the_first_are_told_and_the_others_counted()
    {
        Small(paused: true);
        var violations = Enumerable.Range(0, 9).Select(i => new Violation("durable", Simulator.Now, $"sector {i}")).Append(new("other", Simulator.Now, "one")).ToList();
        var explanation = Explanation.Of(Trace.Log.Records, [(Simulator.Now, ExplainedKind.Command, "xl suspend g")], violations, 20) with { Title = "t, seed 1" };
        Assert.Equal(
            ["durable: sector 0", "durable: sector 1", "durable: sector 2", "durable: and 6 more, the last: sector 8", "other: one"],
            explanation.Lines.Where(l => l.Kind == ExplainedKind.Violation).Select(l => $"{l.Why}: {l.What}"));
        Assert.Equal(20, explanation.Lines.Count);
        Assert.StartsWith("t, seed 1\n", explanation.Text(), StringComparison.Ordinal);
        Assert.Contains("  *** typed: xl suspend g\n", explanation.Text(), StringComparison.Ordinal);
        Assert.Contains(" typed: xl suspend g\n", explanation.Mermaid(), StringComparison.Ordinal);
    }

    private Violation Violated => new("progress", Simulator.Now, "dom1/vbd/768 is not connected after 310 s");

    private List<(VirtualTime At, ExplainedKind Kind, string Text)> Faults { get; } = [];

    private Explanation Killed()
    {
        var guest = Small(paused: true);
        Faults.Add((Simulator.Now, ExplainedKind.Fault, $"kill {Backend}"));
        Kill(Backend);
        guest.Unpause();
        guest.RunToEnd();
        return Explain(Explanation.LinesUsual);
    }

    private Explanation Explain(int max) => Explanation.Of(Trace.Log.Records, Faults, [Violated], max);

    private static bool IsRingRef(XsRequest request) =>
        request.Type == XenActors.Abi.XsWireType.Write && System.Text.Encoding.Latin1.GetString(request.Payload).StartsWith("device/vbd/768/ring-ref\0", StringComparison.Ordinal);

    [GeneratedRegex(@"^ +\d+\.\d{9}  \*\*\* fault: kill dom0/xenbus/vbd-1-768$")]
    private static partial Regex FaultLine();

    [GeneratedRegex(@"^ +\d+\.\d{9}  dom1/xenbus/vbd-768 +-> dom1/xenbus +XsRequest Write #\d+ tx\d+ \(device/vbd/768/state 3\) +.*frontend Initialised")]
    private static partial Regex FrontendLine();

    [GeneratedRegex(@"^    participant (?<id>a\d+) as [^#;<>%&]+$")]
    private static partial Regex Participant();

    [GeneratedRegex(@"^    (?:(?<id>a\d+)->>(?<id>a\d+)|Note over (?<id>a\d+)(?:,(?<id>a\d+))?): (?<text>.+)$")]
    private static partial Regex Statement();

    [GeneratedRegex(@"#(\d+|lt|gt|amp);")]
    private static partial Regex Entity();
}
