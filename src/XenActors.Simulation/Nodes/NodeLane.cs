using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace XenActors.Simulation;

/// <summary>
/// The way from one partition to another one on another node. Each end has its half. A window's section is: the count of events and the length of
/// the definitions (32 bits each), the events as they lie in memory, the definitions, then the bodies that do not lie inside their events, as their codecs
/// write them. A definition announces a message type before its first event: the sender's number for it, its name, its schema. Nothing that depends on
/// who was first to use a type crosses, and a type that the other build lacks is refused by name.
/// </summary>
internal sealed class NodeLane(TypeCatalog types)
{
    private const int HeaderBytes = 2 * sizeof(int);

    private readonly CodecBuffer _definitions = new();
    private bool[] _announced = new bool[64];
    private MessageType?[] _known = new MessageType?[64];

    /// <summary>Appends what an outbox holds; nothing when it is empty.</summary>
    public void Write(Outbox outbox, CodecBuffer to)
    {
        var events = outbox.Events;
        if (events.IsEmpty)
        {
            return;
        }

        _definitions.Clear();
        foreach (ref readonly var e in events)
        {
            if (e.Type >= _announced.Length || !_announced[e.Type])
            {
                Announce(e.Type);
            }
        }

        var header = to.Extend(HeaderBytes);
        MemoryMarshal.Write(header, events.Length);
        MemoryMarshal.Write(header[sizeof(int)..], _definitions.Length);
        var bytes = MemoryMarshal.AsBytes(events);
        bytes.CopyTo(to.Extend(bytes.Length));
        _definitions.Written.CopyTo(to.Extend(_definitions.Length));
        foreach (ref readonly var e in events)
        {
            var type = MessageType.ById(e.Type);
            if (!type.Inline)
            {
                type.Encode(outbox.Bodies, e.Payload, to);
            }
        }
    }

    /// <summary>Hands on what one section holds.</summary>
    /// <exception cref="CodecException">It is no such section.</exception>
    public void Read(ReadOnlySpan<byte> section, Partition into)
    {
        if (section.Length < HeaderBytes)
        {
            throw new CodecException($"a section of {section.Length} bytes");
        }

        var count = MemoryMarshal.Read<int>(section);
        var definitions = MemoryMarshal.Read<int>(section[sizeof(int)..]);
        var rest = section[HeaderBytes..];
        if (count <= 0 || definitions < 0 || ((long)count * Unsafe.SizeOf<Event>()) + definitions > rest.Length)
        {
            throw new CodecException($"{count} events and {definitions} bytes of definitions in {section.Length} bytes");
        }

        var events = rest[..(count * Unsafe.SizeOf<Event>())];
        rest = rest[events.Length..];
        Learn(rest[..definitions]);
        var bodies = new CodecReader(rest[definitions..]);
        for (var at = 0; at < events.Length; at += Unsafe.SizeOf<Event>())
        {
            var e = MemoryMarshal.Read<Event>(events[at..]);
            var type = e.Type < _known.Length ? _known[e.Type] : null;
            if (type is null)
            {
                throw new CodecException($"message type {e.Type} was never announced");
            }

            e.Type = (ushort)type.Id;
            into.Arrive(ref e, type, ref bodies);
        }

        if (!bodies.AtEnd)
        {
            throw new CodecException($"{bodies.Remaining} bytes left over");
        }
    }

    private void Announce(int id)
    {
        if (id >= _announced.Length)
        {
            Array.Resize(ref _announced, Math.Max(id + 1, _announced.Length * 2));
        }

        _announced[id] = true;
        var type = MessageType.ById(id);
        _definitions.WriteUnsigned((ulong)id);
        _definitions.WriteText(type.Name);
        _definitions.WriteUnsigned(type.Schema);
    }

    private void Learn(ReadOnlySpan<byte> definitions)
    {
        var reader = new CodecReader(definitions);
        while (!reader.AtEnd)
        {
            var id = (int)reader.Unsigned(ushort.MaxValue);
            MessageType type;
            lock (types)
            {
                // Shared by the partitions of this node; a type is looked up once for each lane.
                type = types.Message(reader.TextNotNull());
            }

            if (reader.Unsigned() != type.Schema)
            {
                throw new CodecException($"message {type.Name} has other fields in this build");
            }

            if (id >= _known.Length)
            {
                Array.Resize(ref _known, Math.Max(id + 1, _known.Length * 2));
            }

            _known[id] = type;
        }
    }
}
