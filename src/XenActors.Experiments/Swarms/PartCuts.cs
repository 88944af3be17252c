using System.Text.Json.Nodes;

namespace XenActors.Experiments.Swarms;

/// <summary>Whole parts of a scenario that go: faults, commands, workloads, domains with all that speaks of them, devices, settings down to their defaults.</summary>
internal static class PartCuts
{
    /// <summary>Sections of a scenario whose members may go, whatever else there is.</summary>
    public static readonly string[] Lists = ["faults", "commands", "workloads"];

    private static readonly char[] Separators = [' ', '/', ',', ':', '*'];

    public static void Pass(Shrinker shrinker)
    {
        foreach (var list in Lists)
        {
            Members(shrinker, list);
        }

        RoleCuts.Pass(shrinker);
        Domains(shrinker);
        Devices(shrinker);
        foreach (var list in (string[])[.. Lists, "domains"])
        {
            Settings(shrinker, list);
        }

        shrinker.Try(d => d.Remove("volumes"));
        foreach (var path in Names(shrinker.Document, "volumes"))
        {
            shrinker.Try(d => Remove(d, "volumes", path));
        }

        shrinker.Try(d => d.Remove("description"));
    }

    public static List<string> Names(JsonObject document, string list) => document[list] is JsonObject section ? [.. section.Select(f => f.Key)] : [];

    // All, then halves, then one by one.
    private static void Members(Shrinker shrinker, string list)
    {
        var names = Names(shrinker.Document, list);
        for (var piece = names.Count; piece > 0; piece /= 2)
        {
            for (var from = 0; from < names.Count; from += piece)
            {
                var gone = names.Skip(from).Take(piece).ToList();
                shrinker.Try(d => gone.ForEach(name => Remove(d, list, name)));
            }
        }
    }

    // None, or one alone: most findings need no more.
    private static void Domains(Shrinker shrinker)
    {
        var names = Names(shrinker.Document, "domains");
        if (names.Count > 1)
        {
            shrinker.Try(d => names.ForEach(n => Without(d, n)));
        }

        if (names.Count > 2)
        {
            foreach (var stays in names)
            {
                if (shrinker.Try(d => names.Where(n => n != stays).ToList().ForEach(n => Without(d, n))))
                {
                    break;
                }
            }
        }

        foreach (var domain in Names(shrinker.Document, "domains"))
        {
            shrinker.Try(d => Without(d, domain));
        }
    }

    /// <summary>Without a domain and all that speaks of it.</summary>
    public static void Without(JsonObject document, string domain)
    {
        // Who names no domain means the first one, and must not come to mean another.
        var first = Names(document, "domains").FirstOrDefault() == domain;
        Remove(document, "domains", domain);
        foreach (var list in Lists)
        {
            foreach (var name in Names(document, list))
            {
                var section = document[list]![name] as JsonObject;
                if (Speaks(section, domain) || (first && list == "workloads" && section?.ContainsKey("domain") == false && section["kind"]?.ToString() != "store"))
                {
                    Remove(document, list, name);
                }
            }
        }

        var disks = document["domains"]?.ToJsonString() ?? "";
        foreach (var path in Names(document, "volumes").Where(p => !disks.Contains($":{p},", StringComparison.Ordinal)).ToList())
        {
            Remove(document, "volumes", path);
        }
    }

    private static bool Speaks(JsonNode? value, string domain) => value switch
    {
        JsonObject section => section.Any(f => Speaks(f.Value, domain)),
        JsonValue => Array.IndexOf(value.ToString().Split(Separators), domain) >= 0,
        _ => false,
    };

    private static void Devices(Shrinker shrinker)
    {
        foreach (var domain in Names(shrinker.Document, "domains"))
        {
            shrinker.Try(d => ((JsonObject)d["domains"]![domain]!).Remove("vif"));
            foreach (var key in (string[])["vif", "disk"])
            {
                for (var i = (shrinker.Document["domains"]?[domain]?[key] as JsonArray)?.Count - 1 ?? -1; i >= 0; i--)
                {
                    shrinker.Try(d => WithoutDevice(d, domain, key, i));
                }
            }
        }
    }

    // With what is left to say of its volume.
    private static void WithoutDevice(JsonObject document, string domain, string key, int place)
    {
        var list = (JsonArray)document["domains"]![domain]![key]!;
        list.RemoveAt(place);
        var disks = document["domains"]!.ToJsonString();
        foreach (var path in Names(document, "volumes").Where(p => key == "disk" && !disks.Contains($":{p},", StringComparison.Ordinal)).ToList())
        {
            Remove(document, "volumes", path);
        }
    }

    // A setting that is left out has its default: all at once, or one by one.
    private static void Settings(Shrinker shrinker, string list)
    {
        foreach (var name in Names(shrinker.Document, list))
        {
            var keys = ((JsonObject?)shrinker.Document[list]?[name])?.Where(f => !IsNeeded(shrinker.Document[list]![name]!, list, f.Key, f.Value)).Select(f => f.Key).ToList() ?? [];
            if (keys.Count > 1 && shrinker.Try(d => keys.ForEach(key => ((JsonObject)d[list]![name]!).Remove(key))))
            {
                continue;
            }

            foreach (var key in keys)
            {
                shrinker.Try(d => ((JsonObject)d[list]![name]!).Remove(key));
            }
        }
    }

    // Frames that come to go from a device to itself are lost, and nothing is wrong with that.
    private static bool IsNeeded(JsonNode section, string list, string key, JsonNode? value) =>
        (list, key) is ("faults", "kind") or ("commands", "run") || ((list, key) is ("domains", "disk") && value is JsonArray { Count: > 0 })
        || (list == "workloads" && section["kind"]?.ToString() == "net" && (key is "kind" or "domain" or "device" or "peer" or "peer-device"));

    private static void Remove(JsonObject document, string list, string name)
    {
        (document[list] as JsonObject)?.Remove(name);
        if (document[list] is JsonObject { Count: 0 })
        {
            document.Remove(list);
        }
    }
}
