namespace XenActors.Experiments.Swarms;

/// <summary>What a shrinker may spend on one finding.</summary>
/// <param name="Runs">The result depends on it alone.</param>
/// <param name="Time">Wall time, for slow machines and slow findings: no run begins after it, and the result is what there is. Null: no such limit.</param>
public sealed record ShrinkBudget(int Runs, TimeSpan? Time)
{
    public static ShrinkBudget Usual { get; } = new(600, TimeSpan.FromSeconds(60));
}

/// <summary>How far a shrinker has come.</summary>
/// <param name="Name">The finding's.</param>
/// <param name="EventsAtFirst">Messages of the finding as it was found.</param>
/// <param name="Events">Messages of the smallest scenario so far.</param>
public readonly record struct ShrinkProgress(string Name, int Runs, int RunsMax, long EventsAtFirst, long Events);
