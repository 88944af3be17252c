namespace XenActors.Experiments.Zoo;

/// <summary>What <c>xenactors defects --measure</c> was asked for.</summary>
public sealed record MeasureOptions
{
    /// <summary>Searches of one defect begin so many seeds apart.</summary>
    public const ulong Apart = 100_000;

    public required IReadOnlyList<KnownDefect> Defects { get; init; }

    /// <summary>Searches for each defect: search k takes its seeds from <see cref="From"/> + k · <see cref="Apart"/> on.</summary>
    public int Runs { get; init; } = 10;

    /// <summary>A search that has found nothing in so many seeds is given up.</summary>
    public long Seeds { get; init; } = 2000;

    public ulong From { get; init; } = 1;

    /// <summary>Searches at once; what they come to does not depend on it.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Whether the finding in the middle is made smaller.</summary>
    public bool Shrink { get; init; } = true;

    /// <summary>Where the shrunk scenario of each defect goes, as <c>NAME.min.conf</c>; null: nowhere.</summary>
    public string? Output { get; init; }

    /// <summary>Where <c>reference.conf</c>, the profiles and <c>swarm</c> are.</summary>
    public required string Profiles { get; init; }
}

/// <summary>How far a measurement has come.</summary>
/// <param name="Seeds">Of all searches together.</param>
public readonly record struct MeasureProgress(int Done, int Searches, long Seeds, TimeSpan Wall);
