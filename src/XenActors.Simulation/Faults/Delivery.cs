namespace XenActors.Simulation;

/// <summary>One message as a fault rule sees it.</summary>
public readonly ref struct Delivery
{
    private readonly MessagePools _bodies;
    private readonly ulong _payload;

    internal Delivery(VirtualTime time, ActorRef from, ActorRef to, MessageType type, MessagePools bodies, ulong payload)
    {
        Time = time;
        From = from;
        To = to;
        Type = type;
        _bodies = bodies;
        _payload = payload;
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
}
