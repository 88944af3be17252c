using System.Globalization;
using System.Text;
using XenActors.Experiments.Faults;

namespace XenActors.Experiments.Swarms;

/// <summary>What a swarm reached and what it never did, for people.</summary>
public static class CoverageText
{
    public static string Of(Coverage coverage)
    {
        var text = new StringBuilder();
        Section(text, "kinds of faults", "runs in which they acted", coverage.Faults, [.. FaultCatalog.All.Select(k => k.Name)]);
        Section(text, "checkers", "things they looked at", coverage.Checkers, [.. coverage.Checkers.Keys]);
        Section(text, "branches of checkers", "times taken", coverage.Branches, [.. coverage.Branches.Keys]);
        Section(text, "message types", "messages handled", coverage.Messages, [.. coverage.Messages.Keys]);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, string unit, SortedDictionary<string, long> reached, IReadOnlyList<string> all)
    {
        var never = all.Where(n => reached.GetValueOrDefault(n) == 0).ToList();
        text.Append(CultureInfo.InvariantCulture, $"\n{title}: {all.Count - never.Count} of {all.Count} reached ({unit})\n");
        foreach (var name in all)
        {
            if (reached.GetValueOrDefault(name) is > 0 and var count)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {count,12}  {name}\n");
            }
        }

        foreach (var name in never)
        {
            text.Append(CultureInfo.InvariantCulture, $"         never  {name}\n");
        }
    }
}
