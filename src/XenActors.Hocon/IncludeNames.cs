namespace XenActors.Hocon;

/// <summary>Names of included files as text; the file system is not asked.</summary>
internal static class IncludeNames
{
    /// <summary>Removes <c>.</c> and <c>x/..</c> so that one file has one name. A leading <c>..</c> stays.</summary>
    public static string Fold(string name)
    {
        var kept = new List<string>();
        var rooted = name.StartsWith('/');
        foreach (var part in name.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }
            if (part == ".." && kept.Count > 0 && kept[^1] != "..")
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (part != ".." || !rooted)
            {
                kept.Add(part);
            }
        }
        return (rooted ? "/" : "") + string.Join('/', kept);
    }
}
