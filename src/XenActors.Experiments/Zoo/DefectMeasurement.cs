using System.Diagnostics;
using System.Text.Json.Nodes;
using XenActors.Experiments.Swarms;
using XenActors.Simulation;

namespace XenActors.Experiments.Zoo;

/// <summary>
/// Looks for each defect with the swarm of the component that it lived in, several times from different first seeds. A search takes its seeds one after the
/// other, so that its length is the same however many run at once.
/// </summary>
public sealed class DefectMeasurement
{
    private static readonly TimeSpan Telling = TimeSpan.FromMilliseconds(250);

    private readonly MeasureOptions _options;
    private readonly SortedDictionary<string, SwarmSource> _sources;
    private readonly (long Seeds, Finding? Finding)[] _found;
    private readonly int[] _left;
    private readonly DefectMeasure?[] _measures;
    private readonly Stopwatch _watch = new();
    private readonly Lock _gate = new();
    private int _begun;
    private int _done;
    private int _told;
    private long _seeds;

    private DefectMeasurement(MeasureOptions options, SortedDictionary<string, SwarmSource> sources)
    {
        _options = options;
        _sources = sources;
        _found = new (long, Finding?)[options.Defects.Count * options.Runs];
        _left = [.. options.Defects.Select(_ => options.Runs)];
        _measures = new DefectMeasure?[options.Defects.Count];
    }

    /// <exception cref="UserErrorException">A swarm's file cannot be read.</exception>
    public static DefectMeasurement Prepare(MeasureOptions options)
    {
        var sources = new SortedDictionary<string, SwarmSource>(StringComparer.Ordinal);
        foreach (var swarm in options.Defects.Select(d => d.Swarm).Distinct())
        {
            sources.Add(swarm, SwarmSource.Load(Path.Combine(options.Profiles, "swarm", swarm + ".conf"), options.Profiles));
        }

        if (options.Output is not null)
        {
            Directory.CreateDirectory(options.Output);
        }

        return new(options, sources);
    }

    /// <summary>Searches that have ended.</summary>
    public int Done => Volatile.Read(ref _done);

    public int Searches => _found.Length;

    /// <param name="measured">Told of each defect, in the order of the options, as soon as it and all before it are measured.</param>
    /// <exception cref="OperationCanceledException">Somebody wanted the end.</exception>
    public IReadOnlyList<DefectMeasure> ToTheEnd(Action<DefectMeasure>? measured, Action<MeasureProgress>? progress, CancellationToken cancel)
    {
        _watch.Start();
        using var teller = progress is null
            ? null
            : new Timer(_ => progress(new(Done, Searches, Interlocked.Read(ref _seeds), _watch.Elapsed)), null, Telling, Telling);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var failure = Workers.Run(_options.Jobs, "search", () => Work(measured, stop.Token), stop.Cancel);
        cancel.ThrowIfCancellationRequested();
        return failure switch
        {
            null => [.. _measures.Select(m => m!)],
            UserErrorException => throw failure,
            _ => throw new SimulationException($"a search for a defect failed: {failure.Message}", failure),
        };
    }

    private void Work(Action<DefectMeasure>? measured, CancellationToken cancel)
    {
        while (Interlocked.Increment(ref _begun) - 1 is var place && place < _found.Length)
        {
            var number = place / _options.Runs;
            _found[place] = Search(_options.Defects[number], place % _options.Runs, cancel);
            Interlocked.Increment(ref _done);
            if (Interlocked.Decrement(ref _left[number]) == 0)
            {
                var measure = Measure(number, cancel);
                lock (_gate)
                {
                    _measures[number] = measure;
                    for (; _told < _measures.Length && _measures[_told] is { } next; _told++)
                    {
                        measured?.Invoke(next);
                    }
                }
            }
        }
    }

    private (long Seeds, Finding? Finding) Search(KnownDefect defect, int run, CancellationToken cancel)
    {
        var source = _sources[defect.Swarm];
        var from = unchecked(_options.From + ((ulong)run * MeasureOptions.Apart));
        for (var index = 0L; index < _options.Seeds; index++)
        {
            cancel.ThrowIfCancellationRequested();
            var seed = unchecked(from + (ulong)index);
            var document = source.Draw(seed);
            document["defects"] = new JsonArray(defect.Name);
            var outcome = ScenarioTrial.Run(document, _options.Profiles, coverage: false, verify: false, cancel);
            Interlocked.Increment(ref _seeds);
            if (outcome.Violations.Count > 0 && !FailsAnyway(source.Draw(seed), cancel))
            {
                return (index + 1, new(source.File, seed, document, outcome.Violations[0], outcome.Fingerprint, outcome.Events));
            }
        }

        return (_options.Seeds, null);
    }

    // What fails without the defect, too, is no finding of it.
    private bool FailsAnyway(JsonObject document, CancellationToken cancel) =>
        ScenarioTrial.Run(document, _options.Profiles, coverage: false, verify: false, cancel).Violations.Count > 0;

    private DefectMeasure Measure(int number, CancellationToken cancel)
    {
        var defect = _options.Defects[number];
        var found = _found.AsSpan(number * _options.Runs, _options.Runs).ToArray().Where(f => f.Finding is not null).OrderBy(f => f.Seeds).ToList();
        var checkers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (_, finding) in found)
        {
            checkers[finding!.Violation.Checker] = checkers.GetValueOrDefault(finding.Violation.Checker) + 1;
        }

        var middle = found.Count == 0 ? null : found[Math.Min((_options.Runs - 1) / 2, found.Count - 1)].Finding;
        var shrunk = middle is null || !_options.Shrink ? null : Shrinker.Shrink(middle, _options.Profiles, ShrinkBudget.Usual, null, cancel);
        if (shrunk is not null && _options.Output is not null)
        {
            File.WriteAllText(Path.Combine(_options.Output, $"{defect.Name}.min.conf"), shrunk.Text("shrunk"));
        }

        return new() { Defect = defect, Seeds = [.. found.Select(f => f.Seeds)], Searches = _options.Runs, Checkers = checkers, Found = middle, Shrunk = shrunk };
    }
}
