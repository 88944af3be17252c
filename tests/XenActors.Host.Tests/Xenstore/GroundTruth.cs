using System.Text;

namespace XenActors.Tests.Xenstore;

/// <summary>Recordings of a real host, which lie in the test assembly.</summary>
internal static class GroundTruth
{
    public static string Text(string name)
    {
        var assembly = typeof(GroundTruth).Assembly;
        var resource = assembly.GetManifestResourceNames().Single(n => n.EndsWith(name, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    public static string[] Lines(string name) => Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
