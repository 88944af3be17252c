using System.Runtime.CompilerServices;

namespace XenActors.Tests.Toolstack.Xl;

/// <summary>Files under Data/xl: from the output folder, or from the source tree if a project does not copy them.</summary>
internal static class XlTestData
{
    public static string Read(string name) => File.ReadAllText(Path(name));

    public static bool Exists(string name) => File.Exists(Path(name));

    public static IEnumerable<string> Names(string folder, string pattern)
    {
        var files = Directory.GetFiles(Path(folder), pattern);
        Array.Sort(files, StringComparer.Ordinal);
        foreach (var file in files)
        {
            yield return System.IO.Path.GetFileName(file);
        }
    }

    private static string Path(string name)
    {
        var copied = System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "xl", name);
        return File.Exists(copied) || Directory.Exists(copied) ? copied : System.IO.Path.Combine(SourceFolder(), name);
    }

    private static string SourceFolder([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "..", "Data", "xl"));
}
