namespace XenActors.Simulation;

public enum VerdictKind
{
    /// <summary>No opinion: the next rule is asked.</summary>
    Pass,
    Deliver,
    Drop,
    Delay,
    Duplicate,
    Hold,
}

/// <summary>A fault rule's answer about one message.</summary>
public readonly record struct Verdict(VerdictKind Kind, VirtualDuration By)
{
    public static Verdict Pass => default;

    public static Verdict Deliver => new(VerdictKind.Deliver, default);

    public static Verdict Drop => new(VerdictKind.Drop, default);

    /// <summary>
    /// Kept until the rule is healed or its time is over, then delivered in the order in which they came. A held timer can still be cancelled.
    /// </summary>
    public static Verdict Hold => new(VerdictKind.Hold, default);

    /// <summary>Delivered later by this much; what comes after it may overtake it.</summary>
    public static Verdict Delay(VirtualDuration by) => new(VerdictKind.Delay, by);

    /// <summary>Delivered in time, and once more this much later.</summary>
    public static Verdict Duplicate(VirtualDuration after) => new(VerdictKind.Duplicate, after);
}
