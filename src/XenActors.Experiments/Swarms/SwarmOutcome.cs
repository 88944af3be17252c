using XenActors.Experiments.Checkers;

namespace XenActors.Experiments.Swarms;

/// <summary>What a swarm has come to.</summary>
public sealed record SwarmOutcome
{
    /// <summary>Seeds, those of the swarm that was resumed included.</summary>
    public required long Done { get; init; }

    public required TimeSpan Wall { get; init; }

    /// <summary>Of all runs together.</summary>
    public required double VirtualSeconds { get; init; }

    public required long Events { get; init; }

    /// <summary>In the order in which they were found.</summary>
    public required IReadOnlyList<FoundFile> Findings { get; init; }

    public required Coverage Coverage { get; init; }

    /// <summary>Of the findings that were made smaller: messages of the smaller scenario by those of the original; null when there is none.</summary>
    public double? MedianRatio
    {
        get
        {
            var ratios = Findings.Select(f => f.Ratio).OfType<double>().Order().ToList();
            return ratios.Count == 0 ? null : (ratios[(ratios.Count - 1) / 2] + ratios[ratios.Count / 2]) / 2;
        }
    }
}

/// <summary>A finding and its file.</summary>
/// <param name="Violation">Null when an earlier swarm, which this one goes on with, has found it.</param>
/// <param name="AfterSeeds">How many seeds it took.</param>
/// <param name="Events">Messages until the violation.</param>
/// <param name="ShrunkEvents">Messages of the smaller scenario; 0 when it was not made smaller.</param>
public sealed record FoundFile(string Key, string File, Violation? Violation, ulong Seed, long AfterSeeds, long Events, long ShrunkEvents)
{
    /// <summary>Lines of the smaller scenario.</summary>
    public int ShrunkLines { get; init; }

    /// <summary>What is left of its messages, 1 for all; null when it was not made smaller.</summary>
    public double? Ratio => ShrunkEvents > 0 && Events > 0 ? (double)ShrunkEvents / Events : null;
}
