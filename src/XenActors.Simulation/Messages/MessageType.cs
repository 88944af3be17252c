using System.Reflection;
using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>
/// A message type as the runtime sees it. <see cref="Id"/> is an index like the CLR's own type handle: it depends on who was first
/// and never reaches a history; histories, snapshots and traces use <see cref="Name"/>.
/// </summary>
public abstract class MessageType
{
    private static readonly Lock Gate = new();
    private static MessageType[] _all = [];

    private protected MessageType(Type type)
    {
        Type = type;
        Name = type.FullName!;
        NameHash = StableHash.Of(Name);
        lock (Gate)
        {
            if (_all.Length > ushort.MaxValue)
            {
                throw new SimulationException("more than 65536 message types");
            }

            Id = _all.Length;
            _all = [.. _all, this];
        }
    }

    public Type Type { get; }

    public string Name { get; }

    public abstract ulong Schema { get; }

    internal int Id { get; }

    internal ulong NameHash { get; }

    /// <summary>A message type that this process has used already.</summary>
    /// <exception cref="SimulationException">It has used none of this name.</exception>
    public static MessageType Named(string name) =>
        _all.FirstOrDefault(t => t.Name == name) ?? throw new SimulationException($"no message type {name} is in use");

    /// <summary>All that this process has used so far, in no order that means anything.</summary>
    internal static IReadOnlyList<MessageType> All => _all;

    internal static MessageType ById(int id) => _all[id];

    internal static MessageType Of(Type type) =>
        (MessageType)typeof(Message<>).MakeGenericType(type).GetField(nameof(Message<Start>.Type), BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;

    /// <summary>Bodies lie inside their events.</summary>
    internal abstract bool Inline { get; }

    /// <summary>Decodes a message and sends it from the actor being handled.</summary>
    internal abstract void SendDecoded(Partition partition, ActorRef to, ReadOnlySpan<byte> bytes);

    internal abstract void Encode(MessagePools bodies, ulong payload, CodecBuffer buffer);

    internal abstract ulong Decode(MessagePools bodies, ref CodecReader reader);

    /// <summary>A second body for a duplicated message.</summary>
    internal abstract ulong Copy(MessagePools bodies, ulong payload);

    /// <summary>Takes a body over from another partition's outgoing pool.</summary>
    internal abstract ulong Import(MessagePools bodies, MessagePools from, ulong payload);

    /// <summary>Records and drops a body that nobody handles.</summary>
    internal abstract void Discard(Partition partition, in Event e);

    /// <summary>Drops a body that never was: cancelled, or dropped by a fault rule.</summary>
    internal abstract void Release(MessagePools bodies, ulong payload);
}

/// <summary>The one <see cref="MessageType"/> of <typeparamref name="T"/>.</summary>
public static class Message<T>
    where T : ICodec<T>
{
    public static readonly MessageType<T> Type = new();

    /// <summary>Small bodies without references travel inside the event.</summary>
    internal static readonly bool Inline = !RuntimeHelpers.IsReferenceOrContainsReferences<T>() && Unsafe.SizeOf<T>() <= sizeof(ulong);

    internal static readonly ulong NameHash = Type.NameHash;

    internal static readonly int Id = Type.Id;
}

public sealed class MessageType<T> : MessageType
    where T : ICodec<T>
{
    internal MessageType()
        : base(typeof(T))
    {
    }

    public override ulong Schema => T.Schema;

    internal override bool Inline => Message<T>.Inline;

    internal override void SendDecoded(Partition partition, ActorRef to, ReadOnlySpan<byte> bytes) =>
        partition.Send(to, CodecOf.Decode<T>(bytes), 0);

    internal override void Encode(MessagePools bodies, ulong payload, CodecBuffer buffer)
    {
        var message = bodies.Peek<T>(payload);
        var sink = new ByteSink(buffer);
        T.Encode(in message, ref sink);
    }

    internal override ulong Decode(MessagePools bodies, ref CodecReader reader) => bodies.Put(T.Decode(ref reader));

    internal override ulong Copy(MessagePools bodies, ulong payload) => bodies.Put(bodies.Peek<T>(payload));

    internal override ulong Import(MessagePools bodies, MessagePools from, ulong payload) => bodies.Put(from.Peek<T>(payload));

    internal override void Discard(Partition partition, in Event e)
    {
        var message = partition.Bodies.Take<T>(e.Payload);
        partition.Record(in e, in message);
    }

    internal override void Release(MessagePools bodies, ulong payload) => bodies.Take<T>(payload);
}
