using System.Collections.Concurrent;
using XenActors.Hocon;

namespace XenActors.Experiments.Scenarios;

/// <summary>The defaults of <c>reference.conf</c>, read once for each place.</summary>
internal static class References
{
    private static readonly ConcurrentDictionary<string, HoconObject> Read = new(StringComparer.Ordinal);

    public static HoconObject Of(string profiles) => Read.GetOrAdd(
        profiles, static directory => HoconConfig.Load(Path.Combine(directory, ScenarioFile.ReferenceName)).GetObject("scenario"));
}
