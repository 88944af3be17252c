namespace XenActors.Xenstore;

/// <summary>Watches by path, so that an event costs its depth and its hits, not the number of watches.</summary>
internal sealed class WatchIndex
{
    private readonly PathTable<WatchedPath> byPath = new();

    private sealed class WatchedPath(string path) : IPathKeyed
    {
        public string Path { get; } = path;

        public List<Watch> Watches { get; } = [];
    }

    public Watch? Find(Connection connection, ReadOnlySpan<char> node, ReadOnlySpan<byte> token)
    {
        if (byPath.Find(node) is not { } watched) return null;
        foreach (var watch in watched.Watches)
        {
            if (ReferenceEquals(watch.Connection, connection) && token.SequenceEqual(watch.Token)) return watch;
        }

        return null;
    }

    public void Add(Watch watch)
    {
        var watched = byPath.Find(watch.Node);
        if (watched is null) byPath.Add(watched = new WatchedPath(watch.Node));
        watched.Watches.Add(watch);
    }

    public void Remove(Watch watch)
    {
        var watched = byPath.Find(watch.Node)!;
        watched.Watches.Remove(watch);
        if (watched.Watches.Count == 0) byPath.Remove(watched);
    }

    /// <summary>The watches that an event at a path reaches, in the daemon's order: by connection, then by age.</summary>
    public void Collect(string path, bool exact, List<Watch> hits)
    {
        hits.Clear();
        if (byPath.Count == 0) return;
        if (exact) Take(byPath.Find(path), hits);
        else CollectAbove(path, hits);
        if (hits.Count > 1) hits.Sort(ByAge);
    }

    private void CollectAbove(string path, List<Watch> hits)
    {
        if (path.Length > 1) Take(byPath.Find("/"), hits);
        var hash = PathTable<WatchedPath>.HashSeed;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '/' && i > 0) Take(byPath.Find(path.AsSpan(0, i), hash), hits);
            hash = PathTable<WatchedPath>.Mix(hash, path[i]);
        }

        Take(byPath.Find(path, hash), hits);
    }

    private static void Take(WatchedPath? watched, List<Watch> hits)
    {
        if (watched is not null) hits.AddRange(watched.Watches);
    }

    private static int ByAge(Watch a, Watch b)
    {
        var byConnection = a.Connection.Order.CompareTo(b.Connection.Order);
        if (byConnection == 0) byConnection = a.Connection.Id.CompareTo(b.Connection.Id); // one domain's
        return byConnection != 0 ? byConnection : a.Order.CompareTo(b.Order);
    }
}
