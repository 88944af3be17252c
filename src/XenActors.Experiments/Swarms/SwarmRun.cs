using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Checkers.Machine;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Zoo;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>
/// Runs a scenario for each seed, several at once, and keeps what a checker objects to: each kind of finding once, as a file, at once; then, made as small
/// as it gets, as another. A run of one seed is the same whatever else runs.
/// </summary>
public sealed class SwarmRun
{
    private static readonly TimeSpan Telling = TimeSpan.FromMilliseconds(250);

    private const string Died = "the process died of it, twice";

    private readonly SwarmOptions _options;
    private readonly IReadOnlyList<SwarmSource> _sources;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, FoundFile> _found = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ShrinkProgress> _shrinking = new(StringComparer.Ordinal);
    private readonly Coverage _coverage = new();
    private readonly Stopwatch _watch = new();
    private long _begun;
    private long _done;
    private long _virtualNanoseconds;
    private long _events;
    private bool _enough;

    private SwarmRun(SwarmOptions options, IReadOnlyList<SwarmSource> sources)
    {
        _options = options;
        _sources = sources;
    }

    /// <exception cref="UserErrorException">A file cannot be read, or there is no such defect.</exception>
    public static SwarmRun Prepare(SwarmOptions options)
    {
        _ = DefectCatalog.Flags(options.Defects, "--defects");
        return new(options, [.. options.Files.Select(f => SwarmSource.Load(f, options.Profiles))]);
    }

    /// <summary>Seeds that have ended so far, those of the swarm that was resumed included.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Kinds of findings so far.</summary>
    public int Findings
    {
        get
        {
            lock (_gate)
            {
                return _found.Count;
            }
        }
    }

    /// <exception cref="OperationCanceledException">What was found until then is in its files.</exception>
    public SwarmOutcome ToTheEnd(Action<SwarmProgress>? progress, CancellationToken cancel)
    {
        using var journal = SwarmJournal.Open(_options.Output, Identity, _options.Resume);
        Remember(journal);
        _watch.Start();
        RunAgain(cancel);
        using var teller = progress is null ? null : new Timer(_ => progress(Progress()), null, Telling, Telling);
        var failure = Workers.Run(_options.Jobs, "swarm", () => Work(journal, cancel), () =>
        {
            lock (_gate)
            {
                _enough = true;
            }
        });
        if (failure is not null and not OperationCanceledException)
        {
            throw failure is UserErrorException ? failure : new SimulationException($"a swarm's worker failed: {failure.Message}", failure);
        }

        cancel.ThrowIfCancellationRequested();
        return new()
        {
            Done = _done,
            Wall = _watch.Elapsed,
            VirtualSeconds = _virtualNanoseconds / 1e9,
            Events = _events,
            Findings = [.. _found.Values.OrderBy(f => f.AfterSeeds)],
            Coverage = _coverage,
        };
    }

    private string Identity
    {
        get
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"swarm {string.Join('+', _sources.Select(s => s.Identity))} from {_options.From}{(_options.Defects.Count > 0 ? $" defects {string.Join(',', _options.Defects)}" : "")}");
        }
    }

    private void Remember(SwarmJournal journal)
    {
        foreach (var (key, file) in journal.Findings)
        {
            _found[key] = new(key, Path.Combine(_options.Output, file), null, 0, 0, 0, 0);
        }

        _done = journal.Ended.Count;
    }

    // Findings of the swarm that this one goes on with: run once more, so that they can be told as if they were new, and made smaller when the end came first.
    private void RunAgain(CancellationToken cancel)
    {
        foreach (var known in _found.Values.ToList())
        {
            // What the process died of is not run here: it would die again.
            if (known.Key == $"model: {Died}" || Again(known.File, cancel) is not { } finding || finding.Key != known.Key)
            {
                continue;
            }

            _found[known.Key] = known with
            {
                Violation = finding.Violation, Seed = finding.Seed, AfterSeeds = unchecked((long)(finding.Seed - _options.From)) + 1, Events = finding.Events,
            };
            if (!_options.Shrink)
            {
                continue;
            }

            if (Again(Smaller(finding), cancel) is { } shrunk)
            {
                Told(finding, shrunk);
            }
            else
            {
                Shrink(finding, cancel);
            }
        }
    }

    // Null when the file is gone, or holds no finding any more.
    private Finding? Again(string file, CancellationToken cancel)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var document = ScenarioDocument.Load(file);
        var outcome = ScenarioTrial.Run(document, _options.Profiles, coverage: false, verify: false, cancel);
        return outcome.Violations.Count == 0
            ? null
            : new(SourceOf(outcome.Seed).File, outcome.Seed, document, outcome.Violations[0], outcome.Fingerprint, outcome.Events);
    }

    private SwarmSource SourceOf(ulong seed) => _sources[(int)(unchecked(seed - _options.From) % (ulong)_sources.Count)];

    private string Smaller(Finding finding) => Path.Combine(_options.Output, $"{finding.Name}.min.conf");

    private void Work(SwarmJournal journal, CancellationToken cancel)
    {
        while (true)
        {
            var index = Interlocked.Increment(ref _begun) - 1;
            if (index >= _options.Seeds || Volatile.Read(ref _enough) || (_options.Time is { } time && _watch.Elapsed > time))
            {
                return;
            }

            cancel.ThrowIfCancellationRequested();
            var seed = unchecked(_options.From + (ulong)index);
            if (journal.Ended.Contains(seed))
            {
                continue;
            }

            var source = SourceOf(seed);
            var document = Document(source, seed);
            Finding? fresh = null;
            if (journal.Deadly.Contains(seed))
            {
                Keep(journal, new(source.File, seed, document, new("model", VirtualTime.Zero, Died), default, 0), index);
            }
            else
            {
                journal.Begin(seed);
                try
                {
                    fresh = One(journal, source, document, seed, index, cancel);
                }
                catch (UserErrorException mistake)
                {
                    throw new UserErrorException($"{source.File}: seed {seed}: {mistake.Message}", mistake);
                }
                catch (OperationCanceledException)
                {
                    // Not the model's doing: a swarm that goes on runs it again.
                    journal.GiveUp(seed);
                    throw;
                }
            }

            journal.End(seed);
            Interlocked.Increment(ref _done);
            if (fresh is not null && _options.Shrink)
            {
                Shrink(fresh, cancel);
            }
        }
    }

    // What is found for the first time; null otherwise.
    private Finding? One(SwarmJournal journal, SwarmSource source, JsonObject document, ulong seed, long index, CancellationToken cancel)
    {
        var outcome = ScenarioTrial.Run(document, _options.Profiles, coverage: true, IsVerified(index), cancel);
        lock (_gate)
        {
            _virtualNanoseconds += outcome.End.Nanoseconds;
            _events += outcome.Events;
            _coverage.Add(outcome);
        }

        if (outcome.Violations.Count == 0)
        {
            return null;
        }

        if (outcome.Violations[0].Checker == Determinism.Name)
        {
            // What is kept fails alike.
            document["verify"] = true;
        }

        var finding = new Finding(source.File, seed, document, outcome.Violations[0], outcome.Fingerprint, outcome.Events);
        return Keep(journal, finding, index) ? finding : null;
    }

    // Files take turns.
    private bool IsVerified(long index) => _options.VerifyEvery > 0 && index / _sources.Count % _options.VerifyEvery == 0;

    private JsonObject Document(SwarmSource source, ulong seed)
    {
        var document = source.Draw(seed);
        if (_options.Defects.Count > 0)
        {
            document["defects"] = new JsonArray([.. _options.Defects.Select(d => (JsonNode)JsonValue.Create(d))]);
        }

        return document;
    }

    // False when it is known already.
    private bool Keep(SwarmJournal journal, Finding finding, long index)
    {
        lock (_gate)
        {
            if (!_found.TryAdd(finding.Key, new(finding.Key, "", finding.Violation, finding.Seed, index + 1, finding.Events, 0)))
            {
                return false;
            }

            var name = finding.Name;
            Write(Path.Combine(_options.Output, $"{name}.conf"), finding.Text());
            journal.Found($"{name}.conf", finding.Key);
            _found[finding.Key] = _found[finding.Key] with { File = Path.Combine(_options.Output, $"{name}.conf") };
            _enough |= _options.StopAtFirst;
            return true;
        }
    }

    private void Shrink(Finding finding, CancellationToken cancel)
    {
        Finding shrunk;
        try
        {
            shrunk = Shrinker.Shrink(finding, _options.Profiles, _options.ShrinkBudget, p => Shrinking(finding.Key, p), cancel);
        }
        finally
        {
            Shrinking(finding.Key, null);
        }

        Write(Smaller(finding), shrunk.Text());
        Told(finding, shrunk);
    }

    // Several workers may be at it: one of them is told.
    private void Shrinking(string key, ShrinkProgress? progress)
    {
        lock (_gate)
        {
            if (progress is { } at)
            {
                _shrinking[key] = at;
            }
            else
            {
                _shrinking.Remove(key);
            }
        }
    }

    private void Told(Finding finding, Finding shrunk)
    {
        lock (_gate)
        {
            _found[finding.Key] = _found[finding.Key] with
            {
                File = Smaller(finding), ShrunkEvents = shrunk.Events, ShrunkLines = ScenarioDocument.Write(shrunk.Document).Count(c => c == '\n'),
            };
        }
    }

    // Whole or not at all.
    private static void Write(string file, string text)
    {
        File.WriteAllText($"{file}.new", text);
        File.Move($"{file}.new", file, overwrite: true);
    }

    private SwarmProgress Progress()
    {
        lock (_gate)
        {
            return new(_done, _options.Seeds, _watch.Elapsed, _virtualNanoseconds / 1e9, _found.Count, _shrinking.Count > 0 ? _shrinking.Values.First() : null);
        }
    }
}
