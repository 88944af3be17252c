using System.Diagnostics;
using System.Text.Json.Nodes;
using XenActors.Experiments.Scenarios;

namespace XenActors.Experiments.Swarms;

/// <summary>
/// Makes a finding smaller while the same checker still fails: each step is a change of the scenario and a run of what comes out. A step that loses the
/// failure is tried with a few other seeds, since every change is another history. What to try, the passes say: <see cref="PartCuts"/>,
/// <see cref="MachineCuts"/>, <see cref="FaultCuts"/>, <see cref="NumberCuts"/>.
/// </summary>
internal sealed class Shrinker
{
    /// <summary>Seeds that each step is tried with besides the finding's own: few at first, and many when nothing helps any more and runs are left.</summary>
    private static readonly int[] OtherSeeds = [3, 12];

    /// <summary>Other seeds that have helped nobody in so many steps are not asked any more.</summary>
    private const int SeedsInVain = 40;

    /// <summary>Seeds that the smallest scenario is tried with at last.</summary>
    private const int LastSeeds = 16;

    // As a person would write it: what there is, what it does, what goes wrong, what fails.
    private static readonly string[] Order =
        ["seed", "description", "host", "hosts", "network", "domains", "volumes", "workloads", "commands", "faults", "end", "defects", "checkers"];

    private readonly string _profiles;
    private readonly ShrinkBudget _budget;
    private readonly Action<ShrinkProgress>? _progress;
    private readonly CancellationToken _cancel;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private readonly string _name;
    private readonly long _eventsAtFirst;
    private string _text;
    private int _runs;
    private int _patience;
    private int _otherSeedsAsked;
    private int _otherSeedsHelped;

    private Shrinker(Finding finding, string profiles, ShrinkBudget budget, Action<ShrinkProgress>? progress, CancellationToken cancel)
    {
        Best = finding;
        _text = ScenarioDocument.Write(finding.Document);
        (_name, _eventsAtFirst) = (finding.Name, finding.Events);
        (_profiles, _budget, _progress, _cancel) = (profiles, budget, progress, cancel);
    }

    /// <summary>The smallest so far; its document is not changed.</summary>
    public Finding Best { get; private set; }

    public JsonObject Document => Best.Document;

    /// <summary>What the smallest so far came to; null until something was tried.</summary>
    public ScenarioOutcome? Outcome { get; private set; }

    /// <exception cref="OperationCanceledException">What was reached is lost; the finding itself is in its file.</exception>
    public static Finding Shrink(Finding finding, string profiles, ShrinkBudget budget, Action<ShrinkProgress>? progress, CancellationToken cancel)
    {
        var shrinker = new Shrinker(finding, profiles, budget, progress, cancel);
        shrinker.Passes();
        return shrinker.Best with { Document = Sorted(shrinker.Document), Origin = new(finding.Seed, finding.Events, shrinker._runs) };
    }

    /// <summary>
    /// Keeps the change when the same checker fails with it, too, and not with many more messages than before.
    /// </summary>
    /// <param name="fewer">Only with fewer messages: what the change takes away is nothing that a reader sees.</param>
    public bool Try(Action<JsonObject> change, bool fewer = false)
    {
        if (IsSpent)
        {
            return false;
        }

        var document = (JsonObject)Document.DeepClone();
        change(document);
        var text = ScenarioDocument.Write(document);
        if (text == _text || !_lost.Add(text) || Read(text) is not { } scenario)
        {
            return false;
        }

        var most = fewer ? Best.Events - 1 : Best.Events + (Best.Events / 20);
        if (Fails(document, scenario, Best.Seed, most))
        {
            return true;
        }

        var others = _otherSeedsAsked < SeedsInVain || _otherSeedsHelped > 0 ? OtherSeeds[_patience] : 0;
        for (var seed = 1UL; seed <= (ulong)others && !IsSpent; seed++)
        {
            if (seed != Best.Seed && Fails(document, scenario, seed, most))
            {
                _otherSeedsHelped++;
                return true;
            }
        }

        _otherSeedsAsked += others > 0 ? 1 : 0;
        return false;
    }

    private bool IsSpent => _runs >= _budget.Runs || (_budget.Time is { } time && _watch.Elapsed > time);

    private void Passes()
    {
        // What fails without a checker needs none.
        Try(d => d["checkers"] = Best.Violation.Checker is "model" or "data" ? new JsonArray() : new JsonArray(Best.Violation.Checker));
        while (!IsSpent)
        {
            var before = _text;
            PartCuts.Pass(this);
            MachineCuts.Pass(this);
            FaultCuts.Pass(this);
            NumberCuts.Pass(this);
            if (_text == before)
            {
                MachineCuts.Others(this);
                Seeds();
            }

            if (_text == before)
            {
                if (++_patience == OtherSeeds.Length)
                {
                    return;
                }

                _lost.Clear();
            }
        }
    }

    private static JsonObject Sorted(JsonObject document) =>
        new(document.OrderBy(f => Array.IndexOf(Order, f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));

    private void Seeds()
    {
        for (var seed = 1UL; seed <= LastSeeds; seed++)
        {
            if (!IsSpent && Read(_text) is { } scenario)
            {
                Fails((JsonObject)Document.DeepClone(), scenario, seed, Best.Events - 1);
            }
        }
    }

    // Null when the document is no scenario any more: a step has cut too deep.
    private Scenario? Read(string text)
    {
        try
        {
            return ScenarioTrial.Read(text, _profiles);
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private bool Fails(JsonObject document, Scenario scenario, ulong seed, long most)
    {
        _cancel.ThrowIfCancellationRequested();
        _runs++;
        _progress?.Invoke(new(_name, _runs, _budget.Runs, _eventsAtFirst, Best.Events));
        ScenarioOutcome outcome;
        try
        {
            outcome = ScenarioTrial.Run(scenario, seed, _profiles, coverage: false, most, _cancel);
        }
        catch (UserErrorException)
        {
            return false;
        }

        if (outcome.Events > most || outcome.Violations.FirstOrDefault(v => v.Checker == Best.Violation.Checker) is not { } same)
        {
            return false;
        }

        document["seed"] = seed;
        Best = Best with { Document = document, Violation = same, Events = outcome.Events, Fingerprint = outcome.Fingerprint, Seed = seed };
        (Outcome, _text) = (outcome, ScenarioDocument.Write(document));
        return true;
    }
}
