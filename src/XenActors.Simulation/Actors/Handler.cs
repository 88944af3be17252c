using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>An actor's method for one message type.</summary>
public delegate void MessageHandler<in TActor, T>(TActor actor, in T message)
    where TActor : Actor;

/// <summary>One (actor class, message type): takes the body out of its pool, records it, and calls the method.</summary>
internal abstract class Handler
{
    public abstract void Invoke(Partition partition, Actor actor, in Event e);
}

internal sealed class Handler<TActor, T>(MessageHandler<TActor, T> method) : Handler
    where TActor : Actor
    where T : ICodec<T>
{
    public override void Invoke(Partition partition, Actor actor, in Event e)
    {
        T message = partition.Bodies.Take<T>(e.Payload);
        partition.Record(in e, in message);
        method(Unsafe.As<TActor>(actor), in message);
    }
}
