using System.Text;

namespace XenActors.Tests.Xenstore;

/// <summary>Recordings of a real host, which lie in the test assembly.</summary>
internal static class GroundTruth
{
    public static string[] Lines(string name)
    {
        var assembly = typeof(GroundTruth).Assembly;
        var resource = assembly.GetManifestResourceNames().Single(n => n.EndsWith(name, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.Latin1);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Builds the tree that xenstore-ls printed.</summary>
    public static void Load(Store store, string name)
    {
        foreach (var line in Lines(name))
        {
            var equals = line.IndexOf(" = \"", StringComparison.Ordinal);
            var end = line.LastIndexOf("\"   (", StringComparison.Ordinal);
            var path = line[..equals];
            store.Write(path, line[(equals + 4)..end].Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal));
            store.Ok(XenActors.Abi.XsWireType.SetPerms, $"{path}|{line[(end + 5)..^1].Replace(',', '|')}|");
        }
    }
}
