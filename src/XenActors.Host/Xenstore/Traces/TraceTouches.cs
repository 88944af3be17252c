using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>What a trace has changed so far: of the rest a reply tells how it was before the trace began. What happens in a transaction counts from its commit for others.</summary>
internal sealed class TraceTouches
{
    private readonly SortedSet<string> written = new(StringComparer.Ordinal);
    private readonly SortedSet<string> removed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> permitted = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<(XsWireType Type, string Path)>> open = new(StringComparer.Ordinal);

    public void Begin(string connection) => open[connection] = [];

    public void End(string connection, bool committed)
    {
        if (!open.Remove(connection, out var touches) || !committed) return;
        foreach (var (type, path) in touches) Add(type, path);
    }

    public void Touch(string connection, XsWireType type, string path)
    {
        if (open.TryGetValue(connection, out var touches)) touches.Add((type, path));
        else Add(type, path);
    }

    /// <summary>Whether what the connection sees of a node's value or being is the trace's doing.</summary>
    public bool Node(string connection, string path)
    {
        if (written.Contains(path) || Gone(path)) return true;
        return open.TryGetValue(connection, out var touches)
            && touches.Exists(t => t.Type != XsWireType.SetPerms && (t.Path == path || (t.Type == XsWireType.Rm && IsBelow(path, t.Path))));
    }

    /// <summary>Whether the trace has made or written a node, whatever became of it.</summary>
    public bool Made(string connection, string path) =>
        written.Contains(path) || (open.TryGetValue(connection, out var touches) && touches.Exists(t => t.Type == XsWireType.Write && t.Path == path));

    /// <summary>The same for a node's permissions.</summary>
    public bool Permissions(string connection, string path)
    {
        if (permitted.Contains(path) || Gone(path)) return true;
        return open.TryGetValue(connection, out var touches)
            && touches.Exists(t => t.Path == path ? t.Type is XsWireType.SetPerms or XsWireType.Rm : t.Type == XsWireType.Rm && IsBelow(path, t.Path));
    }

    private void Add(XsWireType type, string path)
    {
        if (type == XsWireType.Rm) removed.Add(path);
        else if (type == XsWireType.SetPerms) permitted.Add(path);
        else written.Add(path);
    }

    private bool Gone(string path)
    {
        for (var at = path; ; at = XenstorePath.Parent(at).ToString())
        {
            if (removed.Contains(at)) return true;
            if (at.Length <= 1) return false;
        }
    }

    private static bool IsBelow(string path, string above) => path.Length > above.Length && path[above.Length] == '/' && path.StartsWith(above, StringComparison.Ordinal);
}
