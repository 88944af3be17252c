using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

internal sealed partial class Partition
{
    private TraceBuffer? _trace;

    // The event being handled.
    private int _process;
    private int _local;
    private long _now;
    private long _departure;
    private int _senderProcess;
    private int _senderLocal;
    private Actor? _current;

    public VirtualTime Now => new(_now);

    public ActorRef Self => new(_process, _local);

    public ActorRef Sender => _senderLocal < 0 ? ActorRef.None : new(_senderProcess, _senderLocal);

    public ref RandomStream Random => ref _processes[_process].Random;

    public TraceBuffer? Trace
    {
        get => _trace;
        set => _trace = value;
    }

    /// <summary>What observers want; null while there are none.</summary>
    public TapBuffer? Taps { get; set; }

    /// <summary>Folds a message into its process's history. The history knows nothing of pools, keys or partitions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record<T>(in Event e, in T message)
        where T : ICodec<T>
    {
        ref var process = ref _processes[e.Process];
        var sink = new HashSink(process.History ^ unchecked((ulong)e.Time));
        sink.Unsigned(unchecked(Message<T>.NameHash + (uint)e.Local)); // Hashing.
        T.Encode(in message, ref sink);
        process.History = sink.Value;
        if (Taps is not null)
        {
            TapMessage(in e, in message);
        }

        if (_trace is not null)
        {
            var body = new HashSink(0);
            T.Encode(in message, ref body);
            _trace.Add(in e, Message<T>.Type, message?.ToString() ?? "", body.Value, _current, _current is null ? e.Time : _departure);
        }
    }

    /// <summary>How many messages a process has sent, and how many nanoseconds it has worked.</summary>
    public (ulong Sends, long Work) ActivityOf(int process) => (_processes[process].Sends, _processes[process].Details.WorkDone);

    /// <summary>The current actor's word to observers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note<T>(in T note)
    {
        if (Taps is not null)
        {
            Tap(in note, ActorRef.None);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNoted<T>() => Taps is not null && Taps.Of<T>() is not null;

    private void TapMessage<T>(in Event e, in T message)
        where T : ICodec<T>
    {
        var sender = (e.Flags & Event.Timer) != 0 ? new ActorRef(e.Process, e.Local) : e.Sender < 0 ? ActorRef.None : new(e.SenderProcess, e.Sender);
        if (Taps!.WantsAny && Taps.AddAny(Message<T>.Type, new Observed(Now, Self, sender)))
        {
            StopRequested = true;
        }

        Tap(in message, sender);
    }

    private void Tap<T>(in T what, ActorRef sender)
    {
        if (Taps!.Of<T>() is { } list && list.Add(new Observed(Now, Self, sender), in what))
        {
            StopRequested = true;
        }
    }

    private void Handle(in Event e)
    {
        _now = e.Time;
        _current = null;
        _local = e.Local;
        Handled++;
        Touched?.Mark(e.Process, e.Local);
        if (_anyHeld && Holds(in e))
        {
            return;
        }

        if (e.Flags != 0 && !Admit(in e))
        {
            return;
        }

        LastEventTime = Math.Max(LastEventTime, e.Time);
        var actor = e.Local == 1 ? _processes[e.Process].First : ActorAt(e.Process, e.Local);
        if (actor is null)
        {
            DeadLetter(in e);
            return;
        }

        if (AnyActorRules && actor.Cell.Rules is not null)
        {
            var judged = e;
            if (JudgeArrival(actor, ref judged))
            {
                HandleBy(actor, in judged);
            }

            return;
        }

        HandleBy(actor, in e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HandleBy(Actor actor, in Event e)
    {
        _current = actor;
        _senderProcess = e.SenderProcess;
        _senderLocal = (e.Flags & Event.Timer) != 0 ? e.Local : e.Sender;
        _departure = Math.Max(e.Time, actor.BusyUntil);
        var table = actor.Table;
        if (e.Type < table.Length && table[e.Type] is { } handler)
        {
            handler.Invoke(this, actor, in e);
        }
        else
        {
            HandleSystem(actor, in e);
        }
    }

    private Actor? ActorAt(int process, int local)
    {
        var actors = _processes[process].Actors;
        return (uint)local < (uint)actors.Length ? actors[local] : null;
    }

    // A timer that was cancelled is not admitted, nor one that an earlier incarnation or a stopped actor has left.
    private bool Admit(in Event e)
    {
        if ((e.Flags & Event.Timer) == 0)
        {
            if ((e.Flags & Event.Release) == 0)
            {
                return true;
            }

            Release(_processes[e.Process].Details.Rules[e.Sender], e.Time);
            return false;
        }

        ref var process = ref _processes[e.Process];
        if (process.Details.Timers.Fire(e.Sender, out var incarnation) && process.Actors[e.Local]?.Cell.Restarts == incarnation)
        {
            return true;
        }

        // The body goes back to its pool, unrecorded: a cancelled timer is not part of the history.
        MessageType.ById(e.Type).Release(Bodies, e.Payload);
        return false;
    }

    private void DeadLetter(in Event e)
    {
        MessageType.ById(e.Type).Discard(this, in e);
        if (e.Type == Message<WatchRequest>.Id && e.Sender >= 0)
        {
            // Too late to watch: the answer is what the watcher waits for.
            _departure = e.Time;
            Send(new(e.SenderProcess, e.Sender), new Terminated(new(e.Process, e.Local)), 0);
            return;
        }

        _processes[e.Process].Details.DeadLetters++;
    }

    private static bool IsSystem(int type) =>
        type == Message<Start>.Id || type == Message<PoisonPill>.Id || type == Message<Kill>.Id
        || type == Message<WatchRequest>.Id || type == Message<UnwatchRequest>.Id;

    private void HandleSystem(Actor actor, in Event e)
    {
        var type = MessageType.ById(e.Type);
        if (actor.AskTakesAny() && !IsSystem(e.Type))
        {
            var buffer = new CodecBuffer();
            type.Encode(Bodies, e.Payload, buffer);
            type.Discard(this, in e);
            actor.CallOnAny(type, buffer.ToArray());
            return;
        }

        type.Discard(this, in e);
        if (e.Type == Message<Start>.Id)
        {
            actor.CallPreStart();
        }
        else if (e.Type == Message<PoisonPill>.Id)
        {
            StopActor(actor);
        }
        else if (e.Type == Message<Kill>.Id)
        {
            throw new ActorKilledException();
        }
        else if (e.Type == Message<WatchRequest>.Id)
        {
            if (!actor.Cell.Watchers.Contains(Sender))
            {
                actor.Cell.Watchers.Add(Sender);
            }
        }
        else if (e.Type == Message<UnwatchRequest>.Id)
        {
            actor.Cell.Watchers.Remove(Sender);
        }
        else if (e.Type != Message<Terminated>.Id)
        {
            // Nobody handles it: told, as a dead letter is.
            _processes[e.Process].Details.DeadLetters++;
        }
    }
}
