using static XenActors.Experiments.Timelines.PerfettoFields;

namespace XenActors.Experiments.Timelines;

/// <summary>One argument of an event: a text, or a number of nanoseconds and the like.</summary>
internal readonly record struct EventArgument(string Name, string? Text, long Number);

/// <summary>
/// Writes Perfetto's packets to a stream: descriptions of tracks, slices, instants and counters. Times are nanoseconds. Packets of one track
/// must come in their order; those of different tracks need not. Names are written once and then called by number.
/// </summary>
internal sealed class PerfettoWriter(Stream output)
{
    private const int FlushBytes = 1 << 16;

    /// <summary>All packets are of one sequence, and names' numbers belong to it.</summary>
    private const ulong Sequence = 1;

    private readonly ProtoBuffer _buffer = new();
    private readonly Dictionary<string, ulong> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _argumentNames = new(StringComparer.Ordinal);
    private readonly List<string> _newNames = [];
    private readonly List<string> _newArgumentNames = [];
    private bool _begun;

    /// <summary>A process's own track, with a number instead of a process id.</summary>
    public void Process(ulong uuid, int pid, string name)
    {
        var packet = BeginPacket();
        var track = _buffer.Begin(PacketTrackDescriptor);
        _buffer.Unsigned(TrackUuid, uuid);
        var process = _buffer.Begin(TrackProcess);
        _buffer.Signed(ProcessPid, pid);
        _buffer.Text(ProcessName, name);
        _buffer.End(process);
        _buffer.Unsigned(TrackChildOrdering, Lexicographic);
        _buffer.End(track);
        EndPacket(packet);
    }

    /// <param name="parent">0 for none.</param>
    /// <param name="rank">Its place among those that have the same parent; null where names decide.</param>
    public void Track(ulong uuid, ulong parent, string name, int? rank = null, bool counter = false)
    {
        var packet = BeginPacket();
        var track = _buffer.Begin(PacketTrackDescriptor);
        _buffer.Unsigned(TrackUuid, uuid);
        if (parent != 0)
        {
            _buffer.Unsigned(TrackParent, parent);
        }

        _buffer.Text(TrackName, name);
        if (counter)
        {
            _buffer.End(_buffer.Begin(TrackCounter));
        }

        _buffer.Unsigned(TrackChildOrdering, Lexicographic);
        if (rank is { } place)
        {
            _buffer.Signed(TrackRank, place);
        }

        _buffer.End(track);
        EndPacket(packet);
    }

    /// <param name="flows">Arrows that begin here.</param>
    /// <param name="arrived">The arrow that ends here; 0 for none.</param>
    public void Begin(long time, ulong track, string name, ReadOnlySpan<EventArgument> arguments = default, ReadOnlySpan<ulong> flows = default, ulong arrived = 0) =>
        Event(SliceBegin, time, track, name, arguments, flows, arrived);

    public void End(long time, ulong track) => Event(SliceEnd, time, track, null, [], [], 0);

    public void Instant(long time, ulong track, string name, ReadOnlySpan<EventArgument> arguments = default, ReadOnlySpan<ulong> flows = default, ulong arrived = 0) =>
        Event(PerfettoFields.Instant, time, track, name, arguments, flows, arrived);

    public void Counter(long time, ulong track, long value)
    {
        var packet = BeginPacket(time);
        var e = _buffer.Begin(PacketTrackEvent);
        _buffer.Unsigned(EventType, PerfettoFields.Counter);
        _buffer.Unsigned(EventTrack, track);
        _buffer.Signed(EventCounterValue, value);
        _buffer.End(e);
        EndPacket(packet);
    }

    /// <exception cref="IOException">The stream takes no more.</exception>
    public void Flush()
    {
        output.Write(_buffer.Written);
        _buffer.Clear();
    }

    private void Event(
        ulong type, long time, ulong track, string? name, ReadOnlySpan<EventArgument> arguments, ReadOnlySpan<ulong> flows, ulong arrived)
    {
        var packet = BeginPacket(time);
        var e = _buffer.Begin(PacketTrackEvent);
        _buffer.Unsigned(EventType, type);
        _buffer.Unsigned(EventTrack, track);
        if (name is not null)
        {
            _buffer.Unsigned(EventNameId, Number(_names, _newNames, name));
        }

        foreach (ref readonly var argument in arguments)
        {
            var annotation = _buffer.Begin(EventAnnotations);
            _buffer.Unsigned(AnnotationNameId, Number(_argumentNames, _newArgumentNames, argument.Name));
            if (argument.Text is { } text)
            {
                _buffer.Text(AnnotationString, text);
            }
            else
            {
                _buffer.Signed(AnnotationInt, argument.Number);
            }

            _buffer.End(annotation);
        }

        foreach (var flow in flows)
        {
            _buffer.Fixed64(EventFlows, flow);
        }

        if (arrived != 0)
        {
            _buffer.Fixed64(EventTerminatingFlows, arrived);
        }

        _buffer.End(e);
        EndPacket(packet);
    }

    private static ulong Number(Dictionary<string, ulong> names, List<string> added, string name)
    {
        if (!names.TryGetValue(name, out var number))
        {
            number = (ulong)names.Count + 1;
            names.Add(name, number);
            added.Add(name);
        }

        return number;
    }

    private int BeginPacket(long? time = null)
    {
        var packet = _buffer.Begin(TracePacket);
        if (time is { } at)
        {
            _buffer.Unsigned(PacketTimestamp, (ulong)at);
        }

        _buffer.Unsigned(PacketSequence, Sequence);
        _buffer.Unsigned(PacketSequenceFlags, _begun ? NeedsState : StateCleared | NeedsState);
        _begun = true;
        return packet;
    }

    private void EndPacket(int packet)
    {
        if (_newNames.Count + _newArgumentNames.Count > 0)
        {
            var data = _buffer.Begin(PacketInternedData);
            Intern(InternedEventNames, _names, _newNames);
            Intern(InternedAnnotationNames, _argumentNames, _newArgumentNames);
            _buffer.End(data);
        }

        _buffer.End(packet);
        if (_buffer.Count >= FlushBytes)
        {
            Flush();
        }
    }

    private void Intern(int field, Dictionary<string, ulong> names, List<string> added)
    {
        foreach (var name in added)
        {
            var entry = _buffer.Begin(field);
            _buffer.Unsigned(InternedId, names[name]);
            _buffer.Text(InternedName, name);
            _buffer.End(entry);
        }

        added.Clear();
    }
}
