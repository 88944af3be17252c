using System.Reflection;

namespace XenActors.Cluster;

/// <summary>Which binaries a process runs, as a text to compare.</summary>
public static class BuildId
{
    /// <summary>
    /// The module versions of the assemblies, which the compiler makes from their whole content: equal texts mean equal message types, layouts and
    /// code. The runtime's version is part of it.
    /// </summary>
    public static string Of(params IEnumerable<Assembly> assemblies) =>
        $"{Environment.Version} {string.Join(' ', assemblies.Select(a => a.ManifestModule.ModuleVersionId.ToString("N")[..8]))}";
}
