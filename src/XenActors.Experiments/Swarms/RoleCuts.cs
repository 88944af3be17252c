using System.Text.Json.Nodes;

namespace XenActors.Experiments.Swarms;

/// <summary>dom0 in the place of a guest, which then need not boot: as a client of the store, or as who receives frames.</summary>
internal static class RoleCuts
{
    private const string Shared = "/tool/shared";

    public static void Pass(Shrinker shrinker)
    {
        var names = PartCuts.Names(shrinker.Document, "workloads");
        var stores = names.FindAll(n => Is(shrinker.Document, n, "store"));
        if (stores.Count > 0)
        {
            shrinker.Try(d => Clients(d, stores), fewer: true);
        }

        foreach (var name in names)
        {
            if (Is(shrinker.Document, name, "net"))
            {
                shrinker.Try(d => Receiver(d, name), fewer: true);
            }
        }
    }

    private static bool Is(JsonObject document, string workload, string kind) => document["workloads"]?[workload]?["kind"]?.ToString() == kind;

    // All of them, and no guest; those that met in a directory of a guest's meet in one of dom0's.
    private static void Clients(JsonObject document, List<string> workloads)
    {
        foreach (var name in workloads)
        {
            var workload = (JsonObject)document["workloads"]![name]!;
            workload.Remove("domain");
            if (workload["path"]?.ToString() is { Length: > 0 })
            {
                workload["path"] = Shared;
            }
        }

        foreach (var domain in PartCuts.Names(document, "domains"))
        {
            PartCuts.Without(document, domain);
        }
    }

    private static void Receiver(JsonObject document, string name)
    {
        var workload = (JsonObject)document["workloads"]![name]!;
        if (workload["peer"]?.ToString() is { } peer && peer != "dom0")
        {
            workload["peer"] = "dom0";
            workload.Remove("peer-device");
            if (workload["domain"]?.ToString() != peer)
            {
                PartCuts.Without(document, peer);
            }
        }
    }
}
