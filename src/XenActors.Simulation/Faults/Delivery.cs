namespace XenActors.Simulation;

/// <summary>One message as a fault rule sees it.</summary>
public readonly ref struct Delivery
{
    private readonly Partition _partition;
    private readonly MessagePools _bodies;
    private readonly ref ulong _payload;

    internal Delivery(VirtualTime time, ActorRef from, ActorRef to, MessageType type, Partition partition, MessagePools bodies, ref ulong payload)
    {
        _partition = partition;
        Time = time;
        From = from;
        To = to;
        Type = type;
        _bodies = bodies;
        _payload = ref payload;
    }

    /// <summary>When it would arrive.</summary>
    public VirtualTime Time { get; }

    public ActorRef From { get; }

    public ActorRef To { get; }

    public MessageType Type { get; }

    public bool TryGet<T>(out T message)
        where T : ICodec<T>
    {
        if (Type.Id == Message<T>.Id)
        {
            message = _bodies.Peek<T>(_payload);
            return true;
        }

        message = default!;
        return false;
    }

    /// <summary>A word to observers, as <see cref="ActorContext.Note"/>, from where the rule is asked: the receiver, or a link's sender.</summary>
    public void Note<T>(in T note) => _partition.Note(in note);

    /// <summary>
    /// Puts another body into the message: whatever is answered about it, and whoever is asked next, sees this one. Arrays of the old body
    /// may be its sender's still, so a rule changes copies.
    /// </summary>
    /// <exception cref="SimulationException">The message is of another type.</exception>
    public void Replace<T>(in T message)
        where T : ICodec<T>
    {
        if (Type.Id != Message<T>.Id)
        {
            throw new SimulationException($"a {Type.Name} cannot be replaced by a {Message<T>.Type.Name}");
        }

        _bodies.Replace(ref _payload, in message);
    }
}
