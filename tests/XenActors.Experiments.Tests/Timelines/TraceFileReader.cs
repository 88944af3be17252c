using System.Text;

namespace XenActors.Tests.Experiments.Timelines;

/// <summary>A field of a protocol buffer message as it lies there.</summary>
internal readonly record struct ProtoField(int Number, int Wire, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public List<ProtoField> Message => ProtoField.Read(Bytes);

    /// <summary>From the encoding's own description; knows nothing of who has written it.</summary>
    public static List<ProtoField> Read(ReadOnlyMemory<byte> bytes)
    {
        var fields = new List<ProtoField>();
        var at = 0;
        while (at < bytes.Length)
        {
            var tag = Varint(bytes.Span, ref at);
            var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
            switch (wire)
            {
                case 0:
                    fields.Add(new(number, wire, Varint(bytes.Span, ref at), default));
                    break;
                case 1:
                    fields.Add(new(number, wire, BitConverter.ToUInt64(bytes.Span.Slice(at, 8)), default));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes.Span, ref at);
                    fields.Add(new(number, wire, 0, bytes.Slice(at, length)));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"wire type {wire} at {at}");
            }
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}

/// <summary>A track as the viewer makes it from its description.</summary>
internal sealed record ReadTrack(ulong Uuid, string Name, ulong Parent, int Pid, bool Counter);

internal enum ReadType
{
    Begin = 1,
    End = 2,
    Instant = 3,
    Counter = 4,
}

internal sealed record ReadEvent(
    ulong Time, ReadType Type, ulong Track, string Name, List<ulong> Flows, List<ulong> Ending, SortedDictionary<string, string> Arguments, long Value);

/// <summary>Reads a Perfetto trace as trace_processor does: tracks first, names by their numbers, events sorted by time and stable.</summary>
internal sealed class TraceFileReader
{
    private readonly SortedDictionary<ulong, string> _names = [];
    private readonly SortedDictionary<ulong, string> _argumentNames = [];

    public TraceFileReader(byte[] file)
    {
        var events = new List<ReadEvent>();
        foreach (var packet in ProtoField.Read(file))
        {
            if (packet.Number != 1 || packet.Wire != 2)
            {
                throw new InvalidDataException($"field {packet.Number} outside of packets");
            }

            ReadPacket(packet.Message, events);
        }

        Events = [.. events.OrderBy(e => e.Time)];
    }

    public SortedDictionary<ulong, ReadTrack> Tracks { get; } = [];

    public IReadOnlyList<ReadEvent> Events { get; }

    /// <summary>As <c>dom1/xenbus/vbd-768</c>.</summary>
    public string PathOf(ulong track) => Tracks[track] is { Parent: > 0 } child ? $"{PathOf(child.Parent)}/{child.Name}" : Tracks[track].Name;

    public ReadTrack TrackOf(string path) => Tracks.Values.Single(t => PathOf(t.Uuid) == path);

    public List<ReadEvent> On(string path) => [.. Events.Where(e => e.Track == TrackOf(path).Uuid)];

    private void ReadPacket(List<ProtoField> packet, List<ReadEvent> events)
    {
        Only(packet, 8, 10, 11, 12, 13, 60);
        Assert.Equal(1UL, packet.Single(f => f.Number == 10).Value);
        var flags = packet.Single(f => f.Number == 13).Value;
        if ((flags & 1) != 0)
        {
            Assert.True(Tracks.Count == 0 && _names.Count == 0, "the state is cleared in the middle");
        }

        foreach (var field in packet.Where(f => f.Number == 12).SelectMany(f => f.Message))
        {
            Only([field], 2, 3);
            var entry = field.Message;
            (field.Number == 2 ? _names : _argumentNames).Add(entry.Single(f => f.Number == 1).Value, entry.Single(f => f.Number == 2).Text);
        }

        foreach (var field in packet.Where(f => f.Number == 60))
        {
            ReadDescriptor(field.Message);
        }

        foreach (var field in packet.Where(f => f.Number == 11))
        {
            events.Add(ReadTrackEvent(packet.Single(f => f.Number == 8).Value, field.Message));
        }
    }

    private void ReadDescriptor(List<ProtoField> fields)
    {
        Only(fields, 1, 2, 3, 5, 8, 11, 12);
        var uuid = fields.Single(f => f.Number == 1).Value;
        var process = fields.Where(f => f.Number == 3).Select(f => f.Message).SingleOrDefault();
        var name = process?.Single(f => f.Number == 6).Text ?? fields.Single(f => f.Number == 2).Text;
        var parent = fields.Where(f => f.Number == 5).Select(f => f.Value).SingleOrDefault();
        Assert.True(parent == 0 || Tracks.ContainsKey(parent), $"{name} comes before its parent");
        Tracks.Add(uuid, new(uuid, name, parent, (int)(process?.Single(f => f.Number == 1).Value ?? 0), fields.Exists(f => f.Number == 8)));
    }

    private ReadEvent ReadTrackEvent(ulong time, List<ProtoField> fields)
    {
        Only(fields, 4, 9, 10, 11, 30, 47, 48);
        Assert.All(fields.Where(f => f.Number is 47 or 48), f => Assert.Equal(1, f.Wire));
        var type = (ReadType)fields.Single(f => f.Number == 9).Value;
        var track = fields.Single(f => f.Number == 11).Value;
        Assert.True(Tracks.ContainsKey(track), $"an event on track {track} before its description");
        var arguments = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var annotation in fields.Where(f => f.Number == 4).Select(f => f.Message))
        {
            Only(annotation, 1, 4, 6);
            var value = annotation.Single(f => f.Number != 1);
            arguments.Add(_argumentNames[annotation.Single(f => f.Number == 1).Value], value.Number == 6 ? value.Text : $"{(long)value.Value}");
        }

        return new(
            time, type, track, type is ReadType.Begin or ReadType.Instant ? _names[fields.Single(f => f.Number == 10).Value] : "",
            [.. fields.Where(f => f.Number == 47).Select(f => f.Value)], [.. fields.Where(f => f.Number == 48).Select(f => f.Value)],
            arguments, (long)fields.Where(f => f.Number == 30).Select(f => f.Value).SingleOrDefault());
    }

    private static void Only(List<ProtoField> fields, params ReadOnlySpan<int> known)
    {
        foreach (var field in fields)
        {
            Assert.True(known.Contains(field.Number), $"field {field.Number} is not known here");
        }
    }
}
