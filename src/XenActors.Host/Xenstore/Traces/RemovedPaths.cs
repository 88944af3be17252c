namespace XenActors.Xenstore.Traces;

/// <summary>Subtrees that a trace's requests removed.</summary>
internal sealed class RemovedPaths
{
    private readonly SortedSet<string> tops = new(StringComparer.Ordinal);

    public void Add(string path) => tops.Add(path);

    /// <summary>Whether a node, or one above it, was removed.</summary>
    public bool Contains(string path)
    {
        for (var at = path; at.Length > 1; at = XenstorePath.Parent(at).ToString())
        {
            if (tops.Contains(at)) return true;
        }

        return false;
    }
}
