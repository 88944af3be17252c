using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Swarms;

namespace XenActors.Experiments.Zoo;

/// <summary>How soon the swarm of its component finds a defect, and how small the scenario is that shows it.</summary>
public sealed record DefectMeasure
{
    public required KnownDefect Defect { get; init; }

    /// <summary>How many seeds each search took, the shortest first; searches that found nothing are left out.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Searches, those that found nothing included.</summary>
    public required int Searches { get; init; }

    /// <summary>Which checkers saw it first, and in how many searches each.</summary>
    public required SortedDictionary<string, int> Checkers { get; init; }

    /// <summary>The finding of the search in the middle, or the last when fewer found something; null when none did.</summary>
    public Finding? Found { get; init; }

    /// <summary>The same, made as small as it gets; null when that was not asked for.</summary>
    public Finding? Shrunk { get; init; }

    /// <summary>Of the shrunk scenario as it is written.</summary>
    public int ShrunkLines => Shrunk is null ? 0 : ScenarioDocument.Write(Shrunk.Document).Count(c => c == '\n');

    /// <summary>Searches that found nothing count as longer than all others; null when the middle is among them.</summary>
    public double? Median
    {
        get
        {
            var (low, high) = ((Searches - 1) / 2, Searches / 2);
            return high < Seeds.Count ? (Seeds[low] + Seeds[high]) / 2.0 : null;
        }
    }
}
