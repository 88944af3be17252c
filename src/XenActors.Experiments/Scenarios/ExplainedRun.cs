using System.Globalization;
using XenActors.Experiments.Timelines;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A run that violates something, explained: the first run finds the violation, the second one records what comes before it.</summary>
public static class ExplainedRun
{
    /// <summary>More acts of faults than an explanation has lines for.</summary>
    private const int ActsMax = 10_000;

    /// <returns>Null when nothing is violated.</returns>
    /// <param name="linesMax">Of the explanation.</param>
    public static Explanation? Of(
        Scenario scenario, ulong seed, EngineOptions engine, string profiles, int linesMax, Action<ScenarioProgress>? progress, CancellationToken cancel)
    {
        var found = ScenarioRun.Prepare(scenario, seed, engine, profiles, stopAtFirst: true).ToTheEnd(progress, cancel);
        if (found.Holds)
        {
            return null;
        }

        var first = found.Violations[0];
        var run = ScenarioRun.Prepare(scenario with { Verify = false }, seed, engine, profiles, stopAtFirst: true);
        var window = new RunWindow(first.At);
        var acts = new Acts(run.Machine.Simulator);
        run.Machine.Simulator.AlsoTraceTo(window);
        run.Machine.Simulator.Observe(acts);
        run.Mark = (at, track, text) =>
        {
            if (track != Timeline.Violations)
            {
                acts.Add(at, track == Timeline.Faults ? ExplainedKind.Fault : ExplainedKind.Command, text);
            }
        };
        run.ToTheEnd(progress, cancel);
        return Explanation.Of(window.Records, [.. acts.Told.OrderBy(a => a.At)], [.. found.Violations.Where(v => v.At <= first.At)], linesMax) with
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, seed {seed}: {first.Checker} fails at {first.At}, after {found.Events} messages; the decisive ones:"),
        };
    }

    private sealed class Acts(Simulator simulator) : IObserve<RuleActed>
    {
        public List<(VirtualTime At, ExplainedKind Kind, string Text)> Told { get; } = [];

        public void On(in Observed at, in RuleActed what) => Add(at.Time, ExplainedKind.Fault, FaultText.Of(simulator, in what));

        public void Add(VirtualTime at, ExplainedKind kind, string text)
        {
            if (Told.Count < ActsMax)
            {
                Told.Add((at, kind, text));
            }
        }
    }
}
