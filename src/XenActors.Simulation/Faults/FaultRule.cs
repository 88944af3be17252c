namespace XenActors.Simulation;

/// <summary>
/// A rule on a link or an actor. Rules are asked in install order; the first answer that is not <see cref="VerdictKind.Pass"/> wins.
/// A link's rules are asked when a message is sent, an actor's when it is about to be handled.
/// </summary>
public abstract class FaultRule(string name)
{
    /// <summary>Its own stream, seeded by (seed, name and place): it does not disturb what the actors draw.</summary>
    internal RandomStream Stream;

    public string Name { get; } = name;

    /// <summary>A rule has one place: its stream and its counters belong to one logical process.</summary>
    internal bool Installed;

    /// <summary>How often it answered something other than <see cref="VerdictKind.Pass"/>.</summary>
    public long Verdicts { get; internal set; }

    /// <summary>A healed rule is asked no more.</summary>
    public bool Healed { get; internal set; }

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
