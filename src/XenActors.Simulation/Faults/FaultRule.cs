namespace XenActors.Simulation;

/// <summary>
/// A rule on a link, an actor, or all actors of a process whose paths fit. Rules are asked in install order; the first answer that is not
/// <see cref="VerdictKind.Pass"/> wins. A link's rules are asked when a message is sent, an actor's when it is about to be handled.
/// </summary>
public abstract class FaultRule(string name)
{
    /// <summary>Its own stream, seeded by (seed, name and place): it does not disturb what the actors draw.</summary>
    internal RandomStream Stream;

    public string Name { get; } = name;

    /// <summary>Asked about what is sent (a link's rule) or arrives (an actor's) from this moment on.</summary>
    public VirtualTime From { get; init; }

    /// <summary>At this moment it is over, as if it were healed then.</summary>
    public VirtualTime Until { get; init; } = VirtualTime.Never;

    /// <summary>The chance that it is asked about a message at all, from 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>After so many verdicts it is asked no more.</summary>
    public long VerdictsMax { get; init; } = long.MaxValue;

    /// <summary>How often it answered something other than <see cref="VerdictKind.Pass"/>.</summary>
    public long Verdicts { get; internal set; }

    /// <summary>A healed rule is asked no more.</summary>
    public bool Healed { get; internal set; }

    /// <summary>How many messages it keeps back now.</summary>
    public int HeldMessages => Held.Count;

    /// <summary>A rule has one place: its stream and its counters belong to one logical process. Null before it is installed.</summary>
    internal Simulator? Home { get; set; }

    /// <summary>The process that the stream, the counters and the held messages belong to.</summary>
    internal int Process { get; set; }

    /// <summary>Its place in that process's <see cref="RuleTable"/>.</summary>
    internal int Index { get; set; }

    /// <summary>The link's latency; 0 for a rule on actors.</summary>
    internal long LinkLatency { get; set; }

    /// <summary>In the order in which they came; their bodies lie in the pools of the process's partition.</summary>
    internal List<Event> Held { get; set; } = [];

    protected internal abstract Verdict Judge(in Delivery delivery, ref RandomStream random);

    /// <summary>State that a snapshot must keep. A rule that counts writes its counters here.</summary>
    protected internal virtual void EncodeState(CodecBuffer buffer)
    {
    }

    protected internal virtual void DecodeState(ref CodecReader reader)
    {
    }
}

/// <summary>A rule from a function of the message. The function may not remember anything.</summary>
public sealed class FaultRule<T>(string name, Func<VirtualTime, T, Verdict> judge) : FaultRule(name)
    where T : ICodec<T>
{
    protected internal override Verdict Judge(in Delivery delivery, ref RandomStream random) =>
        delivery.TryGet<T>(out var message) ? judge(delivery.Time, message) : Verdict.Pass;
}
