using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>
/// An actor: one public method <c>On(in Message m)</c> per message. Everything that it remembers lives in its state object;
/// a subclass has no fields. See <see cref="Actor{TState}"/>.
/// </summary>
public abstract class Actor
{
    internal Handler?[] Table = [];

    /// <summary>Here rather than in the generic subclass, so that the runtime can ask for its memory ahead of time.</summary>
    internal object StateObject = null!;
    internal int LocalIndex;

    /// <summary>Until then its last work occupies it: nothing that it sends leaves earlier.</summary>
    internal long BusyUntil;
    internal ActorCell Cell = null!;
    internal ActorContext ContextOrNull = null!;

    protected ActorContext Context => ContextOrNull;

    protected ActorRef Self => Context.Self;

    protected ActorRef Sender => Context.Sender;

    /// <summary>Runs when the actor starts, at the virtual time of its creation.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Runs when the actor has stopped, before its watchers hear of it. What it throws stops the run.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Runs in the new instance after a restart. What it throws is the parent's failure.</summary>
    protected virtual void PostRestart(Exception cause) => PreStart();

    /// <summary>Decides about a child whose handler threw; a killed child stops unless a parent says otherwise.</summary>
    protected virtual Directive OnChildFailure(ActorRef child, Exception cause) =>
        cause is ActorKilledException ? Directive.Stop : Directive.Escalate;

    /// <summary>Whether <see cref="OnAny"/> takes what no <c>On</c> method handles. Else that is told as a dead letter.</summary>
    protected virtual bool TakesAny => false;

    /// <summary>A message of any type as its codec's bytes; for probes and recorders.</summary>
    protected virtual void OnAny(MessageType type, byte[] bytes)
    {
    }

    /// <summary>From the next message on, methods marked <see cref="WhenAttribute"/> with this name come first.</summary>
    protected void Become(string behaviour) => Context.Become(this, behaviour);

    /// <summary>Back to the plain <c>On</c> methods.</summary>
    protected void Unbecome() => Context.Become(this, ActorClass.DefaultBehaviour);

    // Protected alone, so that overriding reads the same in every assembly; the runtime calls through these.
    internal void CallPreStart() => PreStart();

    internal void CallPostStop() => PostStop();

    internal void CallPostRestart(Exception cause) => PostRestart(cause);

    internal Directive AskOnChildFailure(ActorRef child, Exception cause) => OnChildFailure(child, cause);

    internal bool AskTakesAny() => TakesAny;

    internal void CallOnAny(MessageType type, byte[] bytes) => OnAny(type, bytes);

    internal abstract void EncodeState(CodecBuffer buffer);

    internal abstract void DecodeState(ref CodecReader reader);

    internal abstract ulong StateSchema { get; }
}

/// <summary>An actor and the plain data that it remembers.</summary>
public abstract class Actor<TState> : Actor
    where TState : class, ICodec<TState>
{
    public TState State
    {
        // Only this class sets it, and only to a TState.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.As<TState>(StateObject);
        internal set => StateObject = value;
    }

    internal sealed override void EncodeState(CodecBuffer buffer)
    {
        var sink = new ByteSink(buffer);
        TState.Encode(State, ref sink);
    }

    internal sealed override void DecodeState(ref CodecReader reader) => State = TState.Decode(ref reader);

    internal sealed override ulong StateSchema => TState.Schema;
}

/// <summary>The state of an actor that remembers nothing.</summary>
[Codec]
public sealed partial class NoState;
