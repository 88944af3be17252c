using System.Globalization;
using System.Text;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A run's summary for people: what ran, what was injected, what each checker saw.</summary>
public static class ScenarioText
{
    public static string Of(ScenarioOutcome outcome)
    {
        var text = new StringBuilder();
        var scenario = outcome.Scenario;
        text.Append(CultureInfo.InvariantCulture, $"scenario {scenario.Name}, seed {outcome.Seed}");
        text.Append(scenario.Description.Length > 0 ? $": {scenario.Description}\n" : "\n");
        text.Append(CultureInfo.InvariantCulture, $"{outcome.Events} messages until {Time(outcome.End)}, when {outcome.EndedBy}; fingerprint {outcome.Fingerprint}\n");
        Section(text, "domains", outcome.Domains, d => $"{d.Domain,3}  {d.Name}: {d.State}");
        Section(text, "workloads", outcome.Workloads, w => $"{w.Name} ({w.Kind}{(w.Domain.Length > 0 ? $" in {w.Domain}" : "")}): {w.Summary}");
        Section(text, "commands", outcome.Commands, c => $"{(c.At is { } at ? Time(at) : "never"),12}  {c.Line}{(c.Answer.Length > 0 ? $": {c.Answer}" : "")}");
        Section(text, "faults", outcome.Faults, Fault);
        Section(text, "checkers", outcome.Checkers, c => string.Create(CultureInfo.InvariantCulture, $"{(c.Violations == 0 ? "holds" : "FAILED")}  {c.Name}: {c.Seen} seen{(c.Violations > 0 ? $", {c.Violations} violations" : "")}"));
        Section(text, "violations", outcome.Violations, v => $"{Time(v.At),12}  {v.Checker}: {v.Text}");
        Section(text, "waiting", outcome.Pending, p => p);
        return text.ToString();
    }

    private static string Fault(FaultReport fault) => fault.Installed is not { } at
        ? $"{"never",12}  {fault.Name} ({fault.Kind}): its condition did not come true"
        : string.Create(CultureInfo.InvariantCulture, $"{Time(at),12}  {fault.Name} ({fault.Kind}): acted {fault.Acts} times{(fault.Healed is { } healed && healed != at ? $", healed at {Time(healed)}" : "")}");

    private static void Section<T>(StringBuilder text, string title, IReadOnlyList<T> items, Func<T, string> line)
    {
        if (items.Count == 0)
        {
            return;
        }

        text.Append(title).Append(":\n");
        foreach (var item in items)
        {
            text.Append("  ").Append(line(item)).Append('\n');
        }
    }

    private static string Time(VirtualTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Nanoseconds / 1e9:0.000000} s");
}
