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
}

/// <summary>A finding and its file.</summary>
/// <param name="Violation">Null when an earlier swarm, which this one goes on with, has found it.</param>
/// <param name="AfterSeeds">How many seeds it took.</param>
/// <param name="ShrunkEvents">Messages of the smaller scenario; 0 when it was not made smaller.</param>
public sealed record FoundFile(string Key, string File, Violation? Violation, ulong Seed, long AfterSeeds, long Events, long ShrunkEvents)
{
    /// <summary>Lines of the smaller scenario.</summary>
    public int ShrunkLines { get; init; }
}
