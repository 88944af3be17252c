using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>All that an actor can reach while it handles a message: its time, its peers, its process's random stream.</summary>
public sealed class ActorContext
{
    private readonly Partition _partition;

    internal ActorContext(Partition partition) => _partition = partition;

    /// <summary>When the message being handled arrived. It does not move while a handler runs; see <see cref="Work"/>.</summary>
    public VirtualTime Now => _partition.Now;

    public ActorRef Self => _partition.Self;

    /// <summary>Who sent the message being handled; oneself for a timer, nobody for a message from outside.</summary>
    public ActorRef Sender => _partition.Sender;

    public ActorRef Parent => _partition.Parent;

    /// <summary>The logical process's own stream.</summary>
    public ref RandomStream Random => ref _partition.Random;

    /// <summary>
    /// Sends a message. Inside the process it arrives after <paramref name="delay"/>; to another process, one link latency later
    /// than that.
    /// </summary>
    /// <exception cref="SimulationException">There is no link to the receiver's process, or the delay is negative.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tell<T>(ActorRef to, in T message, VirtualDuration delay = default)
        where T : ICodec<T> => _partition.Send(to, in message, delay.Nanoseconds);

    /// <summary>Sends a message that is at hand as its codec's bytes.</summary>
    public void TellDecoded(ActorRef to, MessageType type, ReadOnlySpan<byte> bytes) => type.SendDecoded(_partition, to, bytes);

    /// <summary>A message to oneself after a while, unless it is cancelled before, or the actor restarts or stops.</summary>
    public TimerId StartTimer<T>(in T message, VirtualDuration delay)
        where T : ICodec<T> => _partition.StartTimer(in message, delay);

    /// <summary>False when the timer has fired or was cancelled before.</summary>
    public bool CancelTimer(TimerId timer) => _partition.CancelTimer(timer);

    /// <summary>Occupies one of the process's vCPUs; what is sent after it leaves when it is done.</summary>
    public void Work(VirtualDuration duration) => _partition.Work(duration);

    /// <summary>One of the process's vCPUs has no work now.</summary>
    public bool HasIdleVcpu => _partition.HasIdleVcpu;

    /// <summary>
    /// From now on this process's actors from that place on stand still: what is sent to them waits, their timers too. What the runtime itself
    /// sends (a start, a kill, a stop, a watch) does not.
    /// </summary>
    /// <param name="from">The first place that is held; above 0.</param>
    public void Hold(int from) => _partition.Hold(from);

    /// <summary>They go on: what has waited arrives now. With <paramref name="drop"/> it is gone instead.</summary>
    public void Release(bool drop = false) => _partition.Release(drop);

    /// <summary>A child of the current actor, in the same process. Its state object is its own from now on.</summary>
    public ActorRef Spawn<TActor, TState>(string name, TState state)
        where TActor : Actor<TState>, new()
        where TState : class, ICodec<TState> => _partition.Spawn<TActor, TState>(name, state);

    /// <summary>Asks for <see cref="Terminated"/> when the actor stops, or now when it has stopped already.</summary>
    public void Watch(ActorRef actor) => _partition.Watch(actor);

    public void Unwatch(ActorRef actor) => _partition.Unwatch(actor);

    /// <summary>Stops the current actor at once, its children first.</summary>
    public void Stop() => _partition.StopSelf();

    /// <summary>Stops a child at once; one that has stopped already stays so.</summary>
    public void Stop(ActorRef child) => _partition.StopChild(child);

    /// <summary>A word to observers only (<see cref="IObserve{T}"/>): free when nobody observes, and no part of the history.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note<T>(in T note) => _partition.Note(in note);

    /// <summary>Somebody wants notes of this type: worth asking where one takes work to put together. Nothing else may depend on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNoted<T>() => _partition.IsNoted<T>();

    /// <summary>Ends the run after this window; pending messages stay pending.</summary>
    public void StopSimulation() => _partition.StopRequested = true;

    /// <summary>A way to the world outside that the simulation was given.</summary>
    public TPort Port<TPort>()
        where TPort : class => _partition.Ports.Get<TPort>();

    internal void Become(Actor actor, string behaviour) => _partition.Become(actor, behaviour);
}
