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

    public bool AnyActorRules { get; set; }

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
        if (_trace is not null)
        {
            _trace.Add(in e, Message<T>.Type, message?.ToString() ?? "");
        }
    }

    private void Handle(in Event e)
    {
        _now = e.Time;
        Handled++;
        if (e.Flags != 0 && !Admit(in e))
        {
            return;
        }

        LastEventTime = e.Time;
        var actors = _processes[e.Process].Actors;
        var actor = (uint)e.Local < (uint)actors.Length ? actors[e.Local] : null;
        if (actor is null)
        {
            DeadLetter(in e);
            return;
        }

        if (AnyActorRules && actor.Cell.Rules is not null && !JudgeArrival(actor, in e))
        {
            return;
        }

        _current = actor;
        _local = e.Local;
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

    // A timer that was cancelled is not admitted.
    private bool Admit(in Event e)
    {
        if ((e.Flags & Event.Timer) == 0 || _processes[e.Process].Details.Timers.Fire(e.Sender))
        {
            return true;
        }

        // The body goes back to its pool, unrecorded: a cancelled timer is not part of the history.
        MessageType.ById(e.Type).Release(Bodies, e.Payload);
        return false;
    }

    private bool JudgeArrival(Actor actor, in Event e)
    {
        if ((e.Flags & Event.Judged) != 0)
        {
            return true;
        }

        var type = MessageType.ById(e.Type);
        var from = e.Sender < 0 ? ActorRef.None : new ActorRef(e.SenderProcess, e.Sender);
        var verdict = Ask(actor.Cell.Rules!, new Delivery(new(e.Time), from, new(e.Process, e.Local), type, Bodies, e.Payload));
        switch (verdict.Kind)
        {
            case VerdictKind.Drop:
                type.Release(Bodies, e.Payload);
                return false;
            case VerdictKind.Delay:
                Again(in e, verdict.By, e.Payload);
                return false;
            case VerdictKind.Duplicate:
                Again(in e, verdict.By, type.Copy(Bodies, e.Payload));
                return true;
            default:
                return true;
        }
    }

    // The same message later, as its sender's message still, but in this process's own numbering.
    private void Again(in Event e, VirtualDuration by, ulong payload)
    {
        ref var process = ref _processes[e.Process];
        var again = e;
        again.Time = e.Time + by.Nanoseconds;
        again.Key = ((ulong)e.Process << Event.CounterBits) | process.Sends++;
        again.Sender = e.SenderProcess == e.Process ? e.Sender : -1;
        again.Payload = payload;
        again.Flags = Event.Judged;
        Route(in again);
    }

    private static Verdict Ask(List<FaultRule> rules, in Delivery delivery)
    {
        foreach (var rule in rules)
        {
            if (rule.Healed)
            {
                continue;
            }

            var verdict = rule.Judge(in delivery, ref rule.Stream);
            if (verdict.Kind != VerdictKind.Pass)
            {
                rule.Verdicts++;
                return verdict;
            }
        }

        return Verdict.Pass;
    }

    private void DeadLetter(in Event e)
    {
        _processes[e.Process].Details.DeadLetters++;
        MessageType.ById(e.Type).Discard(this, in e);
    }

    private void HandleSystem(Actor actor, in Event e)
    {
        MessageType.ById(e.Type).Discard(this, in e);
        if (e.Type == Message<Start>.Id)
        {
            actor.PreStart();
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
