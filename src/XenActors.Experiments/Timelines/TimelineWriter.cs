using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>
/// Lays a run out for the Perfetto viewer: a process for each logical process, below it a track for each actor, children below their parents;
/// a slice from when an actor turned to a message until its work was done, an instant when there was none; an arrow for each message that
/// arrived; tracks of marks, of devices' states and of counters.
/// </summary>
internal sealed class TimelineWriter(Stream output)
{
    /// <summary>
    /// A handled message is written when all that it sent has arrived. What waits behind a message that never arrives is let go at this many;
    /// arrows of messages that take longer than that are left out.
    /// </summary>
    private const int WaitingMax = 1 << 16;

    private const string AtDisks = "requests at disks";

    private static readonly string DiskAnswer = typeof(DiskDone).FullName!;
    private static readonly string[] DiskRequests =
        [typeof(DiskRead).FullName!, typeof(DiskWrite).FullName!, typeof(DiskFlush).FullName!, typeof(DiskDiscard).FullName!];

    private readonly PerfettoWriter _packets = new(output);
    private readonly Dictionary<string, ulong> _tracks = new(StringComparer.Ordinal);
    private readonly Queue<Handling> _waiting = [];
    private readonly Dictionary<ulong, (Handling Sender, bool Arrived)> _sent = [];
    private readonly SortedDictionary<string, string> _states = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _atDisks = new(StringComparer.Ordinal);
    private ulong _trackCount;
    private int _processes;
    private ulong _flows;
    private long _last;

    public void Record(in TraceRecord record)
    {
        var handling = new Handling
        {
            Track = ActorTrack(record.Actor),
            Name = record.Dead ? $"dead letter: {MessageNames.Of(in record)}" : MessageNames.Of(in record),
            Arguments = Arguments(in record),
            Began = record.Began.Nanoseconds,
            Ended = record.Ended.Nanoseconds,
            SentFirst = record.SentFirst,
            SentCount = record.SentCount,
            Awaited = record.SentCount,
            Arrived = Arrow(record.Number),
        };
        for (var i = 0; i < handling.SentCount; i++)
        {
            _sent[handling.SentFirst + (ulong)i] = (handling, false);
        }

        _waiting.Enqueue(handling);
        while (_waiting.TryPeek(out var first) && (first.Awaited == 0 || _waiting.Count > WaitingMax))
        {
            Write(_waiting.Dequeue());
        }

        _last = Math.Max(_last, handling.Ended);
        CountDiskRequest(in record);
    }

    /// <summary>A mark on a track of marks, which stands above the processes.</summary>
    public void Mark(long time, string track, string text) =>
        _packets.Instant(time, TopTrack(track), FirstLine(text), [new("text", text, 0)]);

    /// <summary>From now on the thing is in this state; null when it is no more.</summary>
    public void State(long time, string group, string thing, string? state)
    {
        var path = $"{group}\n{thing}";
        var before = _states.GetValueOrDefault(path);
        if (before == state)
        {
            return;
        }

        var track = GroupTrack(group, thing, counter: false);
        if (before is not null)
        {
            _packets.End(time, track);
            _states.Remove(path);
        }

        if (state is not null)
        {
            _packets.Begin(time, track, state);
            _states.Add(path, state);
        }

        _last = Math.Max(_last, time);
    }

    /// <summary>Whatever still waits is written, and states end with the run.</summary>
    public void Finish(long now)
    {
        while (_waiting.TryDequeue(out var handling))
        {
            Write(handling);
        }

        var end = Math.Max(now, _last);
        foreach (var path in _states.Keys)
        {
            _packets.End(end, _tracks[path]);
        }

        _packets.Flush();
    }

    private static EventArgument[] Arguments(in TraceRecord record)
    {
        var arguments = new List<EventArgument> { new("from", record.Sender, 0), new("message", record.Text, 0) };
        if (record.Began > record.Time)
        {
            arguments.Add(new("waited for its actor, ns", null, (record.Began - record.Time).Nanoseconds));
        }

        if (record.Work < record.Ended - record.Began)
        {
            arguments.Add(new("work, ns", null, record.Work.Nanoseconds));
            arguments.Add(new("waited for a vCPU, ns", null, (record.Ended - record.Began - record.Work).Nanoseconds));
        }

        return [.. arguments];
    }

    // The number of a new arrow from where the message was sent, if that is not written yet. A message that arrives again has another.
    private ulong Arrow(ulong message)
    {
        if (!_sent.TryGetValue(message, out var sent))
        {
            return 0;
        }

        sent.Sender.Flows.Add(++_flows);
        if (!sent.Arrived)
        {
            sent.Sender.Awaited--;
            _sent[message] = (sent.Sender, true);
        }

        return _flows;
    }

    private void Write(Handling handling)
    {
        for (var i = 0; i < handling.SentCount; i++)
        {
            _sent.Remove(handling.SentFirst + (ulong)i);
        }

        var flows = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(handling.Flows);
        if (handling.Ended == handling.Began)
        {
            _packets.Instant(handling.Began, handling.Track, handling.Name, handling.Arguments, flows, handling.Arrived);
            return;
        }

        _packets.Begin(handling.Began, handling.Track, handling.Name, handling.Arguments, flows, handling.Arrived);
        _packets.End(handling.Ended, handling.Track);
    }

    // Each of those who ask has a counter of what the disks have not answered yet.
    private void CountDiskRequest(in TraceRecord record)
    {
        if (Array.IndexOf(DiskRequests, record.Message) >= 0)
        {
            Count(record.Time.Nanoseconds, record.Sender, 1);
        }
        else if (record.Message == DiskAnswer)
        {
            Count(record.Time.Nanoseconds, record.Actor, -1);
        }
    }

    private void Count(long time, string asker, long by)
    {
        var value = _atDisks[asker] = _atDisks.GetValueOrDefault(asker) + by;
        _packets.Counter(time, GroupTrack(AtDisks, asker, counter: true), value);
    }

    private static string FirstLine(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    private ulong ActorTrack(string path)
    {
        if (_tracks.TryGetValue(path, out var known))
        {
            return known;
        }

        var slash = path.LastIndexOf('/');
        var parent = slash < 0 ? 0 : ActorTrack(path[..slash]);
        var uuid = NewTrack(path);
        if (slash < 0)
        {
            _packets.Process(uuid, ++_processes, path);
        }
        else
        {
            _packets.Track(uuid, parent, path[(slash + 1)..]);
        }

        return uuid;
    }

    // Paths of actors have no line ends.
    private ulong TopTrack(string name)
    {
        var path = $"\n{name}";
        if (!_tracks.TryGetValue(path, out var uuid))
        {
            uuid = NewTrack(path);
            _packets.Track(uuid, 0, name);
        }

        return uuid;
    }

    private ulong GroupTrack(string group, string thing, bool counter)
    {
        var path = $"{group}\n{thing}";
        if (!_tracks.TryGetValue(path, out var uuid))
        {
            var parent = TopTrack(group);
            uuid = NewTrack(path);
            _packets.Track(uuid, parent, thing, counter: counter);
        }

        return uuid;
    }

    private ulong NewTrack(string path)
    {
        _tracks.Add(path, ++_trackCount);
        return _trackCount;
    }
}
