using XenActors.Experiments.Scenarios;

namespace XenActors.Experiments.Swarms;

/// <summary>What the runs of a swarm have reached together: name and how often.</summary>
public sealed class Coverage
{
    /// <summary>Kinds of faults, by runs in which they acted.</summary>
    public SortedDictionary<string, long> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>Message types, by handled messages.</summary>
    public SortedDictionary<string, long> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>Checkers, by what they have looked at.</summary>
    public SortedDictionary<string, long> Checkers { get; } = new(StringComparer.Ordinal);

    /// <summary>Branches of checkers, as <c>checker: branch</c>; pairs of xenbus states are the device-state checker's.</summary>
    public SortedDictionary<string, long> Branches { get; } = new(StringComparer.Ordinal);

    public void Add(ScenarioOutcome outcome)
    {
        foreach (var fault in outcome.Faults)
        {
            if (fault.Acts > 0)
            {
                Add(Faults, fault.Kind, 1);
            }
        }

        foreach (var (type, count) in outcome.Messages)
        {
            Add(Messages, type, count);
        }

        foreach (var checker in outcome.Checkers)
        {
            Add(Checkers, checker.Name, checker.Seen);
            foreach (var (branch, count) in checker.Branches)
            {
                Add(Branches, $"{checker.Name}: {branch}", count);
            }
        }
    }

    private static void Add(SortedDictionary<string, long> counts, string key, long count) => counts[key] = counts.GetValueOrDefault(key) + count;
}
