namespace XenActors.Experiments.Swarms;

/// <summary>One kind of thing that runs reach.</summary>
/// <param name="Key">In JSON.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Universe">All that there is to be reached.</param>
/// <param name="Reached">With counts above zero; beside the universe's, what the runs brought themselves, as their workloads' messages.</param>
public sealed record CoverageSection(string Key, string Title, string Unit, IReadOnlyList<string> Universe, IReadOnlyList<KeyValuePair<string, long>> Reached)
{
    /// <summary>Of the universe, in its order.</summary>
    public IReadOnlyList<string> Never { get; } = Missing(Universe, Reached);

    public static IReadOnlyList<CoverageSection> All(Coverage coverage) =>
    [
        Of("faults", "kinds of faults", "runs in which they acted", CoverageUniverse.Faults, coverage.Faults),
        Of("checkers", "checkers", "things they looked at", CoverageUniverse.Checkers, coverage.Checkers),
        Of("branches", "branches of checkers, pairs of xenbus states among them", "times taken", CoverageUniverse.Branches, coverage.Branches),
        Of("messages", "message types of a host", "messages handled", CoverageUniverse.Messages, coverage.Messages),
    ];

    private static CoverageSection Of(string key, string title, string unit, IReadOnlyList<string> universe, SortedDictionary<string, long> counts) =>
        new(key, title, unit, universe, [.. counts.Where(c => c.Value > 0)]);

    private static List<string> Missing(IReadOnlyList<string> universe, IReadOnlyList<KeyValuePair<string, long>> reached)
    {
        var names = reached.Select(r => r.Key).ToHashSet(StringComparer.Ordinal);
        return [.. universe.Where(u => !names.Contains(u))];
    }
}
