using System.Globalization;
using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>For whom a trace's connections speak: one that begins while a domain is introduced is that domain's; of an older one its relative paths tell.</summary>
internal static class TraceDomains
{
    private const string Homes = "/local/domain/";

    /// <summary>The domain that an INTRODUCE names.</summary>
    public static ushort Introduced(string text) => unchecked((ushort)CNumber.Leading(System.Text.Encoding.Latin1.GetBytes(text)));

    /// <summary>Finds the domains of connections that are older than the trace.</summary>
    public static void Find(IReadOnlyList<TraceEntry> trace, TraceBeginning beginning)
    {
        var absolute = new SortedSet<string>(StringComparer.Ordinal);
        var domains = new SortedSet<ushort> { 0 };
        var begun = new SortedSet<string>(StringComparer.Ordinal);
        var relative = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var entry in trace)
        {
            if (entry.Kind == TraceKind.Created) begun.Add(entry.Connection);
            if (entry.Kind is not (TraceKind.In or TraceKind.Out) || Path(entry) is not { Length: > 0 } path || path[0] == '@') continue;
            if (path[0] != '/')
            {
                if (begun.Contains(entry.Connection)) continue;
                if (!relative.TryGetValue(entry.Connection, out var paths)) relative[entry.Connection] = paths = new(StringComparer.Ordinal);
                paths.Add(path);
            }
            else
            {
                absolute.Add(path);
                if (path.StartsWith(Homes, StringComparison.Ordinal) && ushort.TryParse(path[Homes.Length..].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var domid)) domains.Add(domid);
            }
        }

        foreach (var (connection, paths) in relative)
        {
            var best = domains.MaxBy(d => (paths.Count(p => absolute.Contains($"{Homes}{d}/{p}")), -d));
            if (best == 0) continue;
            beginning.Domains[connection] = best;
            beginning.Introduced.Add(best);
        }
    }

    // The node that a message is about: absolute ones also stand in values, as backends and frontends do.
    private static string? Path(TraceEntry entry) => entry.Type switch
    {
        XsWireType.Read or XsWireType.Directory or XsWireType.GetPerms or XsWireType.Mkdir or XsWireType.Rm or XsWireType.Write or XsWireType.SetPerms
            or XsWireType.Watch or XsWireType.Unwatch or XsWireType.DirectoryPart when entry.Kind == TraceKind.In => TracePayload.Split(entry.Text).First,
        XsWireType.WatchEvent => TracePayload.Split(entry.Text).First,
        _ => null,
    };
}
