using XenActors.Experiments.Checkers;
using XenActors.Experiments.Checkers.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>The same once more: G9.</summary>
public sealed partial class ScenarioRun
{
    private static readonly EngineOptions[] Engines = [EngineOptions.Sequential, EngineOptions.Threads(2)];

    // With what g9 has to say. A run that a failure of the model has cut off is not compared: how far other processes came by then is not part of its history.
    private ScenarioOutcome Verified(ScenarioOutcome outcome, Action<ScenarioProgress>? progress, CancellationToken cancel)
    {
        var summary = ScenarioText.Of(outcome);
        var other = "";
        var violation = Determinism.Check(History.Of(_simulator), _engine, Again, Engines) ?? Summaries(summary, other);
        if (violation is not null)
        {
            Mark?.Invoke(violation.At, Timelines.Timeline.Violations, $"{violation.Checker}: {violation.Text}");
        }

        var branches = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (violation is null)
        {
            branches[Determinism.OnOneThread] = 1;
            branches[Determinism.OnSeveral] = 1;
        }

        return outcome with
        {
            Checkers = [.. outcome.Checkers, new(Determinism.Name, outcome.Events, violation is null ? 0 : 1, branches)],
            Violations = violation is null ? outcome.Violations : [.. outcome.Violations, violation],
        };

        History Again(EngineOptions engine, ITraceSink? sink)
        {
            var run = Prepare(_machine.Scenario with { Verify = false }, _seed, engine, _profiles, StopAtFirst);
            run._simulator.TraceTo(sink);
            var told = ScenarioText.Of(run.ToTheEnd(progress, cancel));
            other = told == summary ? other : told;
            return History.Of(run._simulator);
        }
    }

    // One history, and checkers that saw something else in it.
    private Violation? Summaries(string known, string other)
    {
        if (other.Length == 0)
        {
            return null;
        }

        var pair = known.Split('\n').Zip(other.Split('\n')).First(l => l.First != l.Second);
        return new(Determinism.Name, _simulator.Now, $"a second run gave the same history and another summary: [{pair.Second.Trim()}] and not [{pair.First.Trim()}]");
    }
}
