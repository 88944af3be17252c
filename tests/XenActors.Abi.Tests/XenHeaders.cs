using System.Text.Json;

namespace XenActors.Abi.Tests;

/// <summary>What a C compiler made of Xen 4.17's public headers.</summary>
internal static class XenHeaders
{
    public static readonly JsonElement Layouts = Load("layouts-x86_64.json");
    public static readonly JsonElement Blkif32 = Load("blkif-x86_32.json");

    // Of the same headers: operations that the first file leaves out, and the shared page of a 32-bit guest.
    private static readonly JsonElement Operations = Load("operations-x86_64.json");
    private static readonly JsonElement Shared32 = Load("shared-info-x86_32.json");

    public static readonly IReadOnlyDictionary<string, long> Constants =
        Load("constants.json").EnumerateObject().ToDictionary(c => Plain(c.Name), c => c.Value.GetInt64());

    /// <summary>A structure of the 64-bit or of the 32-bit ABI.</summary>
    public static JsonElement Structure(string name, int bits) => bits == 32
        ? Shared32.GetProperty(name)
        : Layouts.TryGetProperty(name, out var found) ? found : Operations.GetProperty(name);

    /// <summary>Names and word sizes of the structures that event channels and grants are made of.</summary>
    public static IReadOnlyList<string> EventsAndGrants { get; } =
    [
        .. Names(Layouts, 64), .. Names(Operations, 64), .. Names(Shared32, 32),
    ];

    private static IEnumerable<string> Names(JsonElement file, int bits) => file.EnumerateObject().Select(s => s.Name)
        .Where(n => ((string[])["evtchn_", "gnttab_", "grant_", " shared_info", " vcpu_info"]).Any(n.Contains)).Select(n => $"{n} {bits}");

    /// <summary>C# and C spell the same names with other case and underscores.</summary>
    public static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>
    /// Every figure of a structure by the name that the code would give it: "sizeof", "grefoffset", "segstride", "segcount", ...
    /// Nested fields are named through their parents; a union called u adds nothing to a name.
    /// </summary>
    public static Dictionary<string, long> Figures(JsonElement structure)
    {
        var figures = new Dictionary<string, long> { ["sizeof"] = structure.GetProperty("size").GetInt64() };
        Collect(structure, "", 0, figures);
        return figures;
    }

    private static void Collect(JsonElement parent, string prefix, long at, Dictionary<string, long> figures)
    {
        foreach (var field in parent.GetProperty("fields").EnumerateArray())
        {
            var own = field.GetProperty("name").GetString()!;
            var name = prefix + (own == "u" ? "" : Plain(own));
            var offset = at + field.GetProperty("offset").GetInt64();
            figures.TryAdd(name + "offset", offset);
            figures.TryAdd(name + "bytes", field.GetProperty("size").GetInt64());
            foreach (var figure in (string[])["stride", "count", "bit", "bits"])
            {
                if (field.TryGetProperty(figure, out var value)) figures.TryAdd(name + figure, value.GetInt64());
            }

            if (field.TryGetProperty("fields", out _)) Collect(field, name, offset, figures);
        }
    }

    private static JsonElement Load(string file)
    {
        using var stream = typeof(XenHeaders).Assembly.GetManifestResourceStream(file)!;
        return JsonDocument.Parse(stream).RootElement.Clone();
    }
}
