using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Timelines;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Tests.Experiments.Boot;
using XenActors.Xenstore;

namespace XenActors.Tests.Experiments.Timelines;

public sealed class TimelineTests : IDisposable
{
    private readonly BootRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Every_actor_has_a_track_below_its_parent_and_every_message_is_on_it()
    {
        var (file, trace, _) = Boot(_rig.Page(), 1, EngineOptions.Sequential);
        Assert.Equal(trace.Records.Select(r => r.Actor).Distinct().Order(), ActorPaths(file).Where(p => file.Events.Any(e => e.Track == file.TrackOf(p).Uuid)).Order());
        Assert.Contains("dom0/toolstack/xl-1/qemu-1", ActorPaths(file));
        Assert.Equal(["dom0", "dom1", "phys"], file.Tracks.Values.Where(t => t.Pid > 0).Select(t => t.Name).Order());
        foreach (var path in trace.Records.Select(r => r.Actor).Distinct())
        {
            var shown = file.On(path).Where(e => e.Type is ReadType.Begin or ReadType.Instant);
            Assert.Equal(
                trace.Records.Where(r => r.Actor == path).Select(r => (Time: (ulong)r.Began.Nanoseconds, r.Text)),
                shown.Select(e => (e.Time, Text: e.Arguments["message"])));
        }
    }

    [Fact]
    public void Slices_of_an_actor_are_its_work_and_never_overlap()
    {
        var (file, trace, _) = Boot(_rig.Page(), 1, EngineOptions.Sequential);
        var slices = 0;
        foreach (var path in trace.Records.Select(r => r.Actor).Distinct())
        {
            var ends = new Queue<long>(trace.Records.Where(r => r.Actor == path && r.Ended > r.Began).Select(r => r.Ended.Nanoseconds));
            var open = 0;
            foreach (var e in file.On(path))
            {
                open += e.Type switch { ReadType.Begin => 1, ReadType.End => -1, _ => 0 };
                Assert.InRange(open, 0, 1);
                if (e.Type == ReadType.End)
                {
                    slices++;
                    Assert.Equal(ends.Dequeue(), (long)e.Time);
                }
            }

            Assert.Equal(0, open);
            Assert.Empty(ends);
        }

        Assert.True(slices > 500, $"{slices} slices");
    }

    [Fact]
    public void Every_arrow_has_two_ends_and_goes_from_the_sender_to_the_receiver()
    {
        var (file, trace, _) = Boot(_rig.Page(), 1, EngineOptions.Sequential);
        var begins = file.Events.SelectMany(e => e.Flows.Select(f => (Flow: f, Event: e))).ToDictionary(p => p.Flow, p => p.Event);
        var ends = file.Events.SelectMany(e => e.Ending.Select(f => (Flow: f, Event: e))).ToDictionary(p => p.Flow, p => p.Event);
        Assert.Equal(begins.Keys.Order(), ends.Keys.Order());
        Assert.Equal(trace.Records.Count(r => r.Sender != "outside"), ends.Count);
        Assert.True(ends.Count > 2000, $"{ends.Count} arrows");
        foreach (var (flow, begin) in begins)
        {
            var end = ends[flow];
            Assert.Equal(file.PathOf(begin.Track), end.Arguments["from"]);
            Assert.True(begin.Time <= end.Time, $"{begin} after {end}");
        }
    }

    [Fact]
    public void Devices_go_through_their_states_on_tracks_of_their_own()
    {
        var (file, _, machine) = Boot(_rig.Page(), 1, EngineOptions.Sequential);
        Assert.Equal(["Initialising", "Initialised", "Connected"], States(file, "devices/dom1/vbd/768 frontend"));
        Assert.Equal(["Initialising", "InitWait", "Connected"], States(file, "devices/dom1/vbd/768 backend"));
        Assert.Equal(["Initialising", "Connected"], States(file, "devices/dom1/vif/0 frontend"));
        var last = file.On("devices/dom1/vbd/768 frontend")[^1];
        Assert.Equal((ReadType.End, (ulong)machine.Simulator.LastEventTime.Nanoseconds), (last.Type, last.Time));
        var connected = HostReport.States(machine).Single(l => l.EndsWith(" device/vbd/768/state 4", StringComparison.Ordinal));
        var shown = file.On("devices/dom1/vbd/768 frontend").Single(e => e.Name == "Connected").Time;
        Assert.True(shown >= (ulong)(double.Parse(connected.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) * 1e9) - 1, $"{shown} before {connected}");
    }

    [Fact]
    public void Requests_at_disks_are_counted_until_they_are_answered()
    {
        var (file, trace, _) = Boot(_rig.Page(), 1, EngineOptions.Sequential);
        var values = file.On("requests at disks/dom0/xenbus/vbd-1-768");
        Assert.All(values, v => Assert.Equal(ReadType.Counter, v.Type));
        Assert.True(file.TrackOf("requests at disks/dom0/xenbus/vbd-1-768").Counter);
        Assert.Equal(trace.Records.Count(r => r.Message.Contains("Disks.Disk", StringComparison.Ordinal) && r.ToString().Contains("vbd-1-768", StringComparison.Ordinal)), values.Count);
        Assert.True(values.Count >= 2, $"{values.Count} values");
        Assert.All(values, v => Assert.InRange(v.Value, 0, 64));
        Assert.Equal((1, 0), (values[0].Value, values[^1].Value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_fault_rule_that_acts_leaves_a_mark(int partitions)
    {
        var output = new MemoryStream();
        var machine = _rig.Page().Build(1, partitions == 0 ? EngineOptions.Sequential : EngineOptions.Threads(partitions));
        using var timeline = new Timeline("t", output);
        timeline.Attach(machine.Simulator);
        var rule = new FaultRule<XsRequest>("slow-store", (_, _) => Verdict.Delay(VirtualDuration.FromMicroseconds(7)));
        machine.Simulator.InstallOnActor(machine.Xenstored, rule);
        machine.Simulator.RunFor(VirtualDuration.FromMilliseconds(50));
        timeline.Finish();
        var marks = new TraceFileReader(output.ToArray()).On("faults");
        Assert.True(rule.Verdicts > 10, $"{rule.Verdicts}");
        Assert.Equal(rule.Verdicts, marks.Count);
        Assert.All(marks, m => Assert.EndsWith(" to dom0/xenstored by 7us (slow-store)", m.Name));
        Assert.Contains(marks, m => m.Name.StartsWith("delay XsRequest from dom0/toolstack/xl-1 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Marks_stand_at_their_times_on_their_tracks()
    {
        var output = new MemoryStream();
        var machine = _rig.Page().Build(1, EngineOptions.Sequential);
        using var timeline = new Timeline("t", output);
        timeline.Attach(machine.Simulator);
        machine.Simulator.RunFor(VirtualDuration.FromMilliseconds(100));
        timeline.Mark(machine.Simulator.Now, Timeline.Faults, "installed: drop");
        machine.Simulator.RunFor(VirtualDuration.FromMilliseconds(100));
        timeline.Mark(new VirtualTime(150_000_000), Timeline.Violations, "xenbus-states: dom1/vbd/768\nsecond line");
        timeline.Finish();
        var file = new TraceFileReader(output.ToArray());
        var fault = Assert.Single(file.On("faults"));
        Assert.Equal((ReadType.Instant, 100_000_000UL, "installed: drop"), (fault.Type, fault.Time, fault.Name));
        var violation = Assert.Single(file.On("violations"));
        Assert.Equal((150_000_000UL, "xenbus-states: dom1/vbd/768"), (violation.Time, violation.Name));
        Assert.Equal("xenbus-states: dom1/vbd/768\nsecond line", violation.Arguments["text"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_file_is_the_same_to_the_byte_on_every_engine_and_changes_nothing(int partitions)
    {
        var session = _rig.Page();
        var (one, many) = (new MemoryStream(), new MemoryStream());
        var sequential = Boot(session, 5, EngineOptions.Sequential, one).Machine;
        var threads = Boot(session, 5, EngineOptions.Threads(partitions), many).Machine;
        Assert.Equal(one.ToArray(), many.ToArray());
        Assert.Equal(BootRig.Run(session, 5).Simulator.Fingerprint, sequential.Simulator.Fingerprint);
        Assert.Equal(sequential.Simulator.Fingerprint, threads.Simulator.Fingerprint);
        var other = new MemoryStream();
        Boot(session, 6, EngineOptions.Sequential, other);
        Assert.NotEqual(one.ToArray(), other.ToArray());
    }

    [Fact]
    public void A_file_that_takes_no_more_is_told_at_the_end()
    {
        var machine = _rig.Page().Build(1, EngineOptions.Sequential);
        using var timeline = new Timeline("--timeline full", new FullStream());
        timeline.Attach(machine.Simulator);
        BootRun.ToTheEnd(machine, null, CancellationToken.None);
        Assert.Equal("--timeline full: No space left on device", Assert.Throws<UserErrorException>(timeline.Finish).Message);
    }

    private static IEnumerable<string> ActorPaths(TraceFileReader file) =>
        file.Tracks.Keys.Select(file.PathOf).Where(p => p.StartsWith("dom", StringComparison.Ordinal) || p.StartsWith("phys", StringComparison.Ordinal));

    private static IEnumerable<string> States(TraceFileReader file, string path) => file.On(path).Where(e => e.Type == ReadType.Begin).Select(e => e.Name);

    private static (TraceFileReader File, TraceLog Trace, XenMachine Machine) Boot(
        BootSession session, ulong seed, EngineOptions engine, MemoryStream? output = null)
    {
        output ??= new MemoryStream();
        var machine = session.Build(seed, engine);
        var trace = new TraceLog();
        machine.Simulator.TraceTo(trace);
        using var timeline = new Timeline("t", output);
        timeline.Attach(machine.Simulator);
        Assert.True(BootRun.ToTheEnd(machine, null, CancellationToken.None));
        timeline.Finish();
        return (new TraceFileReader(output.ToArray()), trace, machine);
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
