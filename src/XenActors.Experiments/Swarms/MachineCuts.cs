using System.Text.Json.Nodes;

namespace XenActors.Experiments.Swarms;

/// <summary>
/// Machines that take less: one host instead of several, the usual host, guests without a device model, and at last other hosts and kernels whose guests boot
/// with fewer messages.
/// </summary>
internal static class MachineCuts
{
    // Xen 4.1's xl writes fewer nodes; these kernels ask for fewer.
    private static readonly string[] Hosts = ["fedora16-xen-4.1.2"];
    private static readonly string[] Kernels = ["fedora16-3.1", "mainline-2.6.37"];

    public static void Pass(Shrinker shrinker)
    {
        shrinker.Try(OneHost);
        shrinker.Try(d => d.Remove("network"));
        shrinker.Try(d => d.Remove("host"));
        var names = PartCuts.Names(shrinker.Document, "domains");
        if (names.Count > 1)
        {
            shrinker.Try(d => names.ForEach(n => Paravirtual(d, n)), fewer: true);
        }

        foreach (var name in names)
        {
            shrinker.Try(d => Paravirtual(d, name), fewer: true);
        }
    }

    /// <summary>For a scenario that nothing else makes smaller.</summary>
    public static void Others(Shrinker shrinker)
    {
        foreach (var host in Hosts)
        {
            shrinker.Try(d => d["host"] = host, fewer: true);
        }

        foreach (var name in PartCuts.Names(shrinker.Document, "domains"))
        {
            foreach (var kernel in Kernels)
            {
                shrinker.Try(d => d["domains"]![name]!["kernel"] = kernel, fewer: true);
            }
        }
    }

    private static void OneHost(JsonObject document)
    {
        document.Remove("hosts");
        document.Remove("network");
        foreach (var list in (string[])["domains", .. PartCuts.Lists])
        {
            foreach (var name in PartCuts.Names(document, list))
            {
                ((JsonObject)document[list]![name]!).Remove("host");
            }
        }
    }

    // Its disks have the names that they have for a paravirtual guest anyway.
    private static void Paravirtual(JsonObject document, string name)
    {
        var domain = (JsonObject)document["domains"]![name]!;
        if (domain["type"]?.ToString() == "pv")
        {
            return;
        }

        domain["type"] = "pv";
        domain["bootloader"] = "pygrub";
        if (domain["disk"] is JsonArray disks)
        {
            domain["disk"] = new JsonArray([.. disks.Select(d => (JsonNode)d!.ToString().Replace(",hd", ",xvd", StringComparison.Ordinal))]);
        }
    }
}
