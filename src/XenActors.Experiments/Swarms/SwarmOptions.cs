namespace XenActors.Experiments.Swarms;

/// <summary>What <c>xenactors swarm</c> was asked for.</summary>
public sealed record SwarmOptions
{
    /// <summary>A run on two threads costs five on one: so rarely that a long swarm loses less than 3 % of its rate.</summary>
    public const int VerifyEveryUsually = 250;

    /// <summary>Swarm files, or scenario files, each seed one of them in turn.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public ulong From { get; init; } = 1;

    public long Seeds { get; init; } = 1000;

    /// <summary>No new seed begins after this much wall time; null: no such limit.</summary>
    public TimeSpan? Time { get; init; }

    public int Jobs { get; init; } = 1;

    /// <summary>Where findings and the journal go.</summary>
    public required string Output { get; init; }

    public bool Resume { get; init; }

    public bool Shrink { get; init; } = true;

    /// <summary>For each finding.</summary>
    public ShrinkBudget ShrinkBudget { get; init; } = ShrinkBudget.Usual;

    /// <summary>Ends when the first finding is there.</summary>
    public bool StopAtFirst { get; init; }

    /// <summary>Of each file the first and then every n-th seed that a checker does not object to runs twice more, on one thread and on two, and must give the same history; 0: none.</summary>
    public int VerifyEvery { get; init; } = VerifyEveryUsually;

    /// <summary>Known defects that are switched on in every run.</summary>
    public IReadOnlyList<string> Defects { get; init; } = [];

    /// <summary>Where <c>reference.conf</c> and the profiles are.</summary>
    public required string Profiles { get; init; }
}

/// <summary>How far a swarm has come.</summary>
/// <param name="VirtualSeconds">Of all runs together.</param>
/// <param name="Shrinking">Of one finding that is being made smaller; null when none is.</param>
public readonly record struct SwarmProgress(long Done, long Seeds, TimeSpan Wall, double VirtualSeconds, int Findings, ShrinkProgress? Shrinking);
