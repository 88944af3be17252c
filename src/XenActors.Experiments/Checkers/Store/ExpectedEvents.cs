namespace XenActors.Experiments.Checkers.Store;

/// <summary>Which events a request's changes must fire and may fire, by client, told path and token.</summary>
internal sealed class ExpectedEvents(StoreModel model)
{
    private readonly Dictionary<string, List<ModelWatch>> _watches = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Connection, string Told, string Token), bool> _expected = [];
    private readonly Dictionary<string, ModelChange> _net = new(StringComparer.Ordinal);

    public void Add(ModelWatch watch)
    {
        if (!_watches.TryGetValue(watch.Path, out var list))
        {
            _watches.Add(watch.Path, list = []);
        }

        list.Add(watch);
        watch.Client.Watches.Add(watch);
    }

    public void Remove(ModelWatch watch)
    {
        watch.Client.Watches.Remove(watch);
        if (_watches.TryGetValue(watch.Path, out var list) && list.Remove(watch) && list.Count == 0)
        {
            _watches.Remove(watch.Path);
        }
    }

    public void RemoveAll(ModelClient client)
    {
        while (client.Watches.Count > 0)
        {
            Remove(client.Watches[^1]);
        }
    }

    public void Clear() => _expected.Clear();

    /// <summary>An event that comes whatever the tree does: a new watch's first.</summary>
    public void First(ModelWatch watch) => Expect(watch, watch.Told(watch.Path), must: true);

    /// <summary>A live update: each watch fires as if it were new.</summary>
    public void All()
    {
        foreach (var list in _watches.Values)
        {
            list.ForEach(First);
        }
    }

    /// <summary>A special name: who may hear of it is not in the tree, but the tools may.</summary>
    public void Special(string name, bool must)
    {
        foreach (var watch in WatchesAt(name))
        {
            Expect(watch, name, must && watch.Client.Privileged);
        }
    }

    /// <summary>One request's changes, as they came.</summary>
    public void Changed(List<ModelChange> changes)
    {
        foreach (var change in changes)
        {
            Tell(change, always: true);
        }
    }

    /// <summary>A commit's: one event a node at most, and none is due for what was made and removed again.</summary>
    public void Committed(List<ModelChange> changes)
    {
        _net.Clear();
        foreach (var change in changes)
        {
            _net[change.Path] = _net.TryGetValue(change.Path, out var known)
                ? change with { Before = known.Before, Exact = known.Exact && change.Exact }
                : change;
        }

        foreach (var change in _net.Values)
        {
            Tell(change, always: false);
        }
    }

    /// <summary>Takes one event that was told; false when it may not be told.</summary>
    public bool Take(int connection, string told, string token)
    {
        if (!_expected.ContainsKey((connection, told, token)))
        {
            return false;
        }

        _expected[(connection, told, token)] = false;
        return true;
    }

    /// <summary>An event that was due and has not been told; null when there is none.</summary>
    public (int Connection, string Told, string Token)? Missing()
    {
        foreach (var (key, due) in _expected)
        {
            if (due)
            {
                return key;
            }
        }

        return null;
    }

    private void Tell(in ModelChange change, bool always)
    {
        Tell(in change, change.Path, always);
        for (var at = change.Path.Length - 1; !change.Exact && at >= 0; at--)
        {
            if (change.Path[at] == '/' && change.Path.Length > 1)
            {
                Tell(in change, at == 0 ? "/" : change.Path[..at], always);
            }
        }
    }

    private void Tell(in ModelChange change, string at, bool always)
    {
        foreach (var watch in WatchesAt(at))
        {
            var before = change.Before is { } was && model.MayRead(watch.Client, was);
            var after = change.After is { } now && model.MayRead(watch.Client, now);
            var above = model.MayRead(watch.Client, change.Above);
            var lives = change.Before is not null || change.After is not null;
            if (before || after || above)
            {
                var right = watch.Client.Privileged || (change.After is null ? before : after && (always || change.Before is null || before));
                Expect(watch, watch.Told(change.Path), must: lives && right);
            }
        }
    }

    private List<ModelWatch> WatchesAt(string path) => _watches.TryGetValue(path, out var list) ? list : [];

    private void Expect(ModelWatch watch, string told, bool must)
    {
        var key = (watch.Client.Connection, told, watch.Token);
        _expected[key] = must || _expected.GetValueOrDefault(key);
    }
}
