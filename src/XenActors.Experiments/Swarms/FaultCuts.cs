using System.Globalization;
using System.Text.Json.Nodes;
using XenActors.Experiments.Faults;

namespace XenActors.Experiments.Swarms;

/// <summary>Faults and commands narrowed to the moment that matters: what acts by chance, or on many messages, acts once.</summary>
internal static class FaultCuts
{
    /// <summary>Acts of one fault that are tried alone: the last ones before the failure, and the first.</summary>
    private const int ActsTried = 6;

    private static readonly string[] Moments = ["at", "between", "on"];

    public static void Pass(Shrinker shrinker)
    {
        foreach (var name in PartCuts.Names(shrinker.Document, "faults"))
        {
            OneAct(shrinker, name);
        }
    }

    // A kind that counts its acts is installed just before one of them, and does no more.
    private static void OneAct(Shrinker shrinker, string name)
    {
        if (shrinker.Outcome?.Faults.FirstOrDefault(f => f.Name == name) is not { } report
            || FaultCatalog.Find(report.Kind)?.Find("count") is null || IsOnce(shrinker, name, report.Kind))
        {
            return;
        }

        var acts = report.FirstActs.Where(a => a <= shrinker.Best.Violation.At).Distinct().ToList();
        foreach (var act in acts.TakeLast(ActsTried - 2).Reverse().Concat(acts.Take(2)).Distinct())
        {
            if (shrinker.Try(d =>
            {
                var fault = (JsonObject)d["faults"]![name]!;
                foreach (var key in (string[])[.. Moments, "probability"])
                {
                    fault.Remove(key);
                }

                fault["at"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, act.Nanoseconds - 1)}ns");
                Once(fault, report.Kind);
            }))
            {
                return;
            }
        }

        // A count alone.
        shrinker.Try(d => Once((JsonObject)d["faults"]![name]!, report.Kind));
    }

    private static bool IsOnce(Shrinker shrinker, string name, string kind) =>
        shrinker.Document["faults"]?[name] is JsonObject fault && !fault.ContainsKey("probability")
        && (fault["count"]?.ToString() ?? FaultCatalog.Find(kind)!.Find("count")!.Default) == "1";

    private static void Once(JsonObject fault, string kind)
    {
        fault.Remove("count");
        if (FaultCatalog.Find(kind)!.Find("count")!.Default != "1")
        {
            fault["count"] = 1;
        }
    }
}
