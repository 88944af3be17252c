using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>
/// Makes a finding smaller while the same checker still fails: without faults, workloads, commands, domains, devices and settings that it does not need, with
/// less to do and less time. Each step is one run; a step that loses the failure is tried with a few other seeds, since every change is another history.
/// </summary>
internal sealed class Shrinker
{
    private const int TrialsMax = 250;
    private const int OtherSeeds = 3;

    private static readonly string[] Lists = ["faults", "commands", "workloads"];

    private readonly string _profiles;
    private readonly CancellationToken _cancel;
    private Finding _best;
    private int _trials;

    private Shrinker(Finding finding, string profiles, CancellationToken cancel)
    {
        _best = finding;
        _profiles = profiles;
        _cancel = cancel;
    }

    public static Finding Shrink(Finding finding, string profiles, CancellationToken cancel)
    {
        var shrinker = new Shrinker(finding, profiles, cancel);
        shrinker.Try(d => d["checkers"] = new JsonArray(finding.Violation.Checker is "model" or "liveness" or "data" ? "all" : finding.Violation.Checker));
        shrinker.Passes();
        return shrinker._best;
    }

    private void Passes()
    {
        string before;
        do
        {
            before = ScenarioDocument.Write(_best.Document);
            foreach (var list in Lists)
            {
                Remove(list);
            }

            Domains();
            Devices();
            foreach (var list in (string[])[.. Lists, "domains"])
            {
                Settings(list);
            }

            Volumes();
            Less();
            Cut();
        }
        while (_trials < TrialsMax && ScenarioDocument.Write(_best.Document) != before);
    }

    // All, then halves, then one by one.
    private void Remove(string list)
    {
        var names = Names(list);
        for (var piece = names.Count; piece > 0; piece /= 2)
        {
            for (var from = 0; from < names.Count; from += piece)
            {
                var gone = names.Skip(from).Take(piece).ToList();
                Try(d =>
                {
                    foreach (var name in gone)
                    {
                        (d[list] as JsonObject)?.Remove(name);
                    }

                    if (d[list] is JsonObject { Count: 0 })
                    {
                        d.Remove(list);
                    }
                });
            }
        }
    }

    // A domain with all that speaks of it.
    private void Domains()
    {
        foreach (var domain in Names("domains"))
        {
            Try(d =>
            {
                ((JsonObject)d["domains"]!).Remove(domain);
                foreach (var list in Lists)
                {
                    foreach (var name in Names(d, list))
                    {
                        var section = (JsonObject)d[list]![name]!;
                        if (section.Any(f => Speaks(f.Value, domain)))
                        {
                            ((JsonObject)d[list]!).Remove(name);
                        }
                    }
                }
            });
        }
    }

    private static bool Speaks(JsonNode? value, string domain) =>
        value is JsonValue && value.ToString() is var text && (text == domain || text.StartsWith(domain + "/", StringComparison.Ordinal) || text.EndsWith(" " + domain, StringComparison.Ordinal));

    private void Devices()
    {
        foreach (var domain in Names("domains"))
        {
            foreach (var key in (string[])["vif", "disk"])
            {
                for (var i = (_best.Document["domains"]?[domain]?[key] as JsonArray)?.Count - 1 ?? -1; i >= 0; i--)
                {
                    Try(d =>
                    {
                        var list = (JsonArray)d["domains"]![domain]![key]!;
                        if (i < list.Count)
                        {
                            list.RemoveAt(i);
                        }
                    });
                }
            }
        }
    }

    // A setting that is left out has its default.
    private void Settings(string list)
    {
        foreach (var name in Names(list))
        {
            foreach (var key in ((JsonObject?)_best.Document[list]?[name])?.Select(f => f.Key).ToList() ?? [])
            {
                if (!(list == "faults" && key == "kind") && !(list == "domains" && key == "disk") && !(list == "commands" && key == "run"))
                {
                    Try(d => ((JsonObject?)d[list]?[name])?.Remove(key));
                }
            }
        }
    }

    private void Volumes()
    {
        Try(d => d.Remove("volumes"));
        foreach (var path in Names("volumes"))
        {
            Try(d => ((JsonObject?)d["volumes"])?.Remove(path));
        }

        Try(d => d.Remove("host"));
    }

    // Half the operations, half the size, half the time.
    private void Less()
    {
        foreach (var list in Lists)
        {
            foreach (var name in Names(list))
            {
                foreach (var key in ((JsonObject?)_best.Document[list]?[name])?.Select(f => f.Key).ToList() ?? [])
                {
                    while (_trials < TrialsMax && Half(_best.Document[list]?[name]?[key]) is { } half && Try(d => d[list]![name]![key] = half.DeepClone()))
                    {
                    }
                }

                if (list == "workloads" && _best.Document[list]?[name] is JsonObject workload)
                {
                    foreach (var (key, value) in ((string, JsonNode)[])[("number_ios", 1), ("number_ios", 16), ("operations", 1), ("operations", 10)])
                    {
                        if ((key == "operations") == (workload["kind"]?.ToString() == "store") && !workload.ContainsKey(key))
                        {
                            Try(d => d[list]![name]![key] = value.DeepClone());
                        }
                    }
                }
            }
        }
    }

    // No longer than until the failure.
    private void Cut()
    {
        var at = _best.Violation.At.Nanoseconds / 1_000_000;
        Try(d => d["end"] = new JsonObject { ["at"] = string.Create(CultureInfo.InvariantCulture, $"{at + 20}ms") });
    }

    private static JsonNode? Half(JsonNode? value)
    {
        if (value is not JsonValue)
        {
            return null;
        }

        if (value.GetValueKind() == JsonValueKind.Number)
        {
            return value.AsValue().TryGetValue(out long number) && number > 1 ? JsonValue.Create(number / 2) : null;
        }

        var text = value.ToString();
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        return digits > 0 && digits < text.Length && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 1
            ? JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{count / 2}{text[digits..]}"))
            : null;
    }

    private List<string> Names(string list) => Names(_best.Document, list);

    private static List<string> Names(JsonObject document, string list) => document[list] is JsonObject section ? [.. section.Select(f => f.Key)] : [];

    private bool Try(Action<JsonObject> change)
    {
        if (_trials >= TrialsMax)
        {
            return false;
        }

        var document = (JsonObject)_best.Document.DeepClone();
        change(document);
        var text = ScenarioDocument.Write(document);
        if (text == ScenarioDocument.Write(_best.Document))
        {
            return false;
        }

        for (var seed = 0UL; seed <= OtherSeeds && _trials < TrialsMax; seed++)
        {
            _cancel.ThrowIfCancellationRequested();
            _trials++;
            document["seed"] = seed == 0 ? _best.Document["seed"]?.DeepClone() : JsonValue.Create(seed);
            if (ScenarioTrial.TryRun(document, _profiles, _cancel) is not { } outcome)
            {
                return false;
            }

            var same = outcome.Violations.FirstOrDefault(v => v.Checker == _best.Violation.Checker);
            if (same is not null && outcome.Events <= _best.Events + (_best.Events / 20))
            {
                _best = _best with { Document = document, Violation = same, Events = outcome.Events, Fingerprint = outcome.Fingerprint, Seed = outcome.Seed };
                return true;
            }
        }

        return false;
    }
}
