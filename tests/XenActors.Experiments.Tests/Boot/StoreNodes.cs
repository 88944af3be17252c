using System.Text.RegularExpressions;

namespace XenActors.Tests.Experiments.Boot;

/// <summary>A store as <c>xenstore-ls -fp</c> prints it, with what differs between any two hosts masked.</summary>
internal static partial class StoreNodes
{
    // Page numbers, pids, times and ttys: the node must have some value, not this one.
    private static readonly string[] Masked =
        ["page-ref", "device-model-pid", "start_time", "tty"];

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    /// <summary>Path, then value and permissions, in the store's order.</summary>
    public static List<(string Path, string Value)> Parse(IEnumerable<string> lines, int domain)
    {
        var nodes = new List<(string, string)>();
        foreach (var line in lines)
        {
            var equals = line.IndexOf(" = \"", StringComparison.Ordinal);
            var close = line.LastIndexOf("\"   (", StringComparison.Ordinal);
            var path = Mask(line[..equals], domain);
            var key = path[(path.LastIndexOf('/') + 1)..];
            var value = line[(equals + 4)..close];
            if (Masked.Contains(key) && value.Length > 0)
            {
                value = "*";
            }
            else if (key is "domid" or "frontend-id" && value == $"{domain}")
            {
                value = "D";
            }

            nodes.Add((path, $"\"{Mask(value, domain)}\" {Regex.Replace(line[(close + 4)..], $@"\b([nrwb]){domain}\b", "$1D")}"));
        }

        return nodes;
    }

    public static string Mask(string text, int domain) =>
        Regex.Replace(Uuid().Replace(text, "UUID"), $@"(?<=/(domain|libxl|vbd|qdisk|vif|vkbd|console|device-model)/){domain}(?=/|$)", "D");
}
