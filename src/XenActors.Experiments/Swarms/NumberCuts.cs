using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>Numbers that get smaller: operations, depths, sizes, counts, times; and the time after the failure, which goes.</summary>
internal static class NumberCuts
{
    // What bounds a workload's work, by kind, and how much of it is tried when nothing is said.
    private static readonly (string Kind, string Key, int[] Values)[] Work =
    [
        ("fio", "number_ios", [1, 4, 16, 64]),
        ("store", "operations", [1, 10]),
        ("net", "count", [1, 10, 100]),
    ];

    public static void Pass(Shrinker shrinker)
    {
        foreach (var name in PartCuts.Names(shrinker.Document, "workloads"))
        {
            Shorten(shrinker, name);
        }

        foreach (var list in PartCuts.Lists)
        {
            foreach (var name in PartCuts.Names(shrinker.Document, list))
            {
                Section(shrinker, d => (JsonObject?)d[list]?[name]);
                Section(shrinker, d => d[list]?[name]?["on"] as JsonObject);
            }
        }

        foreach (var name in PartCuts.Names(shrinker.Document, "domains"))
        {
            Least(shrinker, d => (JsonObject?)d["domains"]?[name], "restarts");
        }

        End(shrinker);
    }

    private static void Shorten(Shrinker shrinker, string name)
    {
        if (shrinker.Document["workloads"]![name] is not JsonObject workload)
        {
            return;
        }

        foreach (var (kind, key, values) in Work)
        {
            if ((workload["kind"]?.ToString() ?? "fio") == kind && !workload.ContainsKey(key))
            {
                _ = values.Any(value => shrinker.Try(d => d["workloads"]![name]![key] = value, fewer: true));
            }
        }
    }

    private static void Section(Shrinker shrinker, Func<JsonObject, JsonObject?> section)
    {
        foreach (var key in section(shrinker.Document)?.Select(f => f.Key).ToList() ?? [])
        {
            if (section(shrinker.Document)![key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number)
            {
                Least(shrinker, section, key);
            }

            while (Rounded(section(shrinker.Document)![key]) is { } round && shrinker.Try(d => section(d)![key] = round))
            {
            }

            while (Half(section(shrinker.Document)![key]) is { } half && shrinker.Try(d => section(d)![key] = half.DeepClone()))
            {
            }
        }
    }

    // The least whole number that still fails, if what fails is all above it; 1 first.
    private static void Least(Shrinker shrinker, Func<JsonObject, JsonObject?> section, string key)
    {
        if (section(shrinker.Document)?[key] is not JsonValue value || !value.TryGetValue(out long most) || most <= 1 || shrinker.Try(d => section(d)![key] = 1))
        {
            return;
        }

        for (var least = 1L; most - least > 1;)
        {
            var between = least + ((most - least) / 2);
            if (shrinker.Try(d => section(d)![key] = between))
            {
                most = between;
            }
            else
            {
                least = between;
            }
        }
    }

    // No longer than until the failure. What is to be waited for is waited for as long as before: less patience is no smaller finding, but another one.
    private static void End(Shrinker shrinker)
    {
        var at = Math.Max(1, (shrinker.Best.Violation.At.Nanoseconds + 999_999) / 1_000_000);
        foreach (var kept in (string[][])[[], ["settle"], ["within"], ["settle", "within"]])
        {
            if (shrinker.Best.Violation.Checker == "liveness" && !kept.Contains("within"))
            {
                continue;
            }

            if (shrinker.Try(d =>
            {
                var end = new JsonObject { ["at"] = at % 1000 == 0 ? $"{at / 1000}s" : $"{at}ms" };
                foreach (var key in kept)
                {
                    end[key] = d["end"]?[key]?.DeepClone();
                }

                d["end"] = end;
            }))
            {
                return;
            }
        }
    }

    // A time in the next longer unit, for people.
    private static string? Rounded(JsonNode? value)
    {
        (string From, string To)[] units = [("ns", "us"), ("us", "ms"), ("ms", "s")];
        foreach (var (from, to) in value is JsonValue && value.GetValueKind() == JsonValueKind.String ? units : [])
        {
            if (value!.ToString() is var text && text.EndsWith(from, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(0, text.Length - from.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1000)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count / 1000}{to}");
            }
        }

        return null;
    }

    private static JsonNode? Half(JsonNode? value)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
        {
            return null;
        }

        var text = value.ToString();
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        return digits > 0 && digits < text.Length && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 1
            ? JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{count / 2}{text[digits..]}"))
            : null;
    }
}
