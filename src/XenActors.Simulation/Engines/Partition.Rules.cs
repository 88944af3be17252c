namespace XenActors.Simulation;

/// <summary>Fault rules at work: asking them, and letting go of what they have held.</summary>
internal sealed partial class Partition
{
    // In a key of the world outside: far beyond the number of what is told from there, so that no two events share it.
    private const ulong ReleaseKeys = 1UL << (Event.CounterBits - 1);

    public bool AnyActorRules { get; set; }

    /// <summary>From outside, between runs: the rule is healed, and what it has held goes on now.</summary>
    public void ReleaseNow(FaultRule rule, long time)
    {
        if (rule.Held.Count > 0)
        {
            var release = ReleaseOf(rule, time, _processes[Simulator.Outside].Sends++);
            _store.Add(in release);
        }
    }

    // False when the message is not to be handled now; its body may be another one afterwards.
    private bool JudgeArrival(Actor actor, ref Event e)
    {
        if ((e.Flags & Event.Judged) != 0)
        {
            return true;
        }

        var type = MessageType.ById(e.Type);
        var from = (e.Flags & Event.Timer) != 0 ? new ActorRef(e.Process, e.Local)
            : e.Sender < 0 ? ActorRef.None
            : new ActorRef(e.SenderProcess, e.Sender);
        var verdict = Ask(
            actor.Cell.Rules!, new Delivery(new(e.Time), from, new(e.Process, e.Local), type, this, Bodies, ref e.Payload), out var rule);
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
            case VerdictKind.Hold:
                if ((e.Flags & Event.Timer) != 0)
                {
                    _processes[e.Process].Details.Timers.TakeBack(e.Sender);
                }

                e.Flags |= Event.Judged;
                Keep(rule!, in e);
                return false;
            default:
                return true;
        }
    }

    // The same message later, as its sender's message still and under its number: the original has left the queue, and nobody asks
    // about a message twice, so the number stays unique. A timer can no longer be cancelled.
    private void Again(in Event e, VirtualDuration by, ulong payload)
    {
        var again = e;
        again.Time = e.Time + by.Nanoseconds;
        again.Sender = (e.Flags & Event.Timer) != 0 ? e.Local : e.Sender;
        again.Payload = payload;
        again.Flags = Event.Judged;
        Route(in again);
    }

    // What a rule with a known end keeps wakes up by itself.
    private void Keep(FaultRule rule, in Event e)
    {
        if (rule.Held.Count == 0 && rule.Until != VirtualTime.Never)
        {
            var release = ReleaseOf(rule, rule.Until.Nanoseconds, ReleaseKeys | (uint)rule.Index);
            Route(in release);
        }

        rule.Held.Add(e);
    }

    private static Event ReleaseOf(FaultRule rule, long time, ulong key)
    {
        Event e = default;
        e.Time = time;
        e.Key = key;
        e.Process = rule.Process;
        e.Sender = rule.Index;
        e.Type = (ushort)Message<ReleaseHeld>.Id;
        e.Flags = Event.Release;
        return e;
    }

    // One after the other in the order in which they came, before anything else that comes now.
    private void Release(FaultRule rule, long now)
    {
        var held = rule.Held;
        rule.Held = [];
        foreach (var kept in held)
        {
            var e = kept;
            e.Time = now;
            if (rule.LinkLatency > 0)
            {
                SendHeld(ref e, rule.LinkLatency);
                continue;
            }

            try
            {
                Handle(in e);
            }
            catch (Exception cause)
            {
                if (!Recover(cause))
                {
                    return;
                }
            }
        }
    }

    private void SendHeld(ref Event e, long latency)
    {
        e.Time += latency;
        var remote = _owners is not null && _owners[e.Process] != Index;
        if (remote)
        {
            var type = MessageType.ById(e.Type);
            var payload = type.Import(_outboxes[_owners![e.Process]].Bodies, Bodies, e.Payload);
            type.Release(Bodies, e.Payload);
            e.Payload = payload;
        }

        Deliver(in e, remote);
    }

    private Verdict Ask(List<FaultRule> rules, in Delivery delivery, out FaultRule? answered)
    {
        foreach (var rule in rules)
        {
            if (rule.Healed || _now < rule.From.Nanoseconds || _now >= rule.Until.Nanoseconds || rule.Verdicts >= rule.VerdictsMax
                || (rule.Probability < 1 && !rule.Stream.NextChance(rule.Probability)))
            {
                continue;
            }

            var verdict = Judge(rule, in delivery);
            if (verdict.Kind != VerdictKind.Pass)
            {
                rule.Verdicts++;
                Note(new RuleActed(rule.Name, verdict, delivery.From, delivery.To, delivery.Type));
                answered = rule;
                return verdict;
            }
        }

        answered = null;
        return Verdict.Pass;
    }

    // A rule's mistake is nobody's failure but the experiment's.
    private static Verdict Judge(FaultRule rule, in Delivery delivery)
    {
        Verdict verdict;
        try
        {
            verdict = rule.Judge(in delivery, ref rule.Stream);
        }
        catch (Exception cause) when (cause is not SimulationException)
        {
            throw new SimulationException($"fault rule {rule.Name} threw {cause.GetType().Name}: {cause.Message}", cause);
        }

        return verdict.By >= VirtualDuration.Zero
            ? verdict
            : throw new SimulationException($"fault rule {rule.Name} answered with the negative duration {verdict.By}");
    }
}
