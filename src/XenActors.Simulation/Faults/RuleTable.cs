namespace XenActors.Simulation;

/// <summary>
/// The fault rules whose streams, counters and held messages belong to one logical process, and where in it they stand.
/// </summary>
internal sealed class RuleTable
{
    private readonly List<FaultRule> _all = [];
    private readonly SortedDictionary<int, List<FaultRule>> _onActors = [];
    private readonly List<(PathPattern Pattern, FaultRule Rule)> _onPaths = [];

    public int Count => _all.Count;

    public FaultRule this[int index] => _all[index];

    /// <summary>On paths, in install order.</summary>
    public IEnumerable<FaultRule> OnPaths => _onPaths.Select(p => p.Rule);

    public bool AnyOnPaths => _onPaths.Count > 0;

    /// <summary>What is installed on this place itself; kept when its actor stops, because a restore may bring it back.</summary>
    public List<FaultRule> OnActor(int local) => _onActors.GetValueOrDefault(local) ?? [];

    public void AddToActor(int local, FaultRule rule)
    {
        Add(rule);
        if (!_onActors.TryGetValue(local, out var rules))
        {
            _onActors.Add(local, rules = []);
        }

        rules.Add(rule);
    }

    public void AddToPath(PathPattern pattern, FaultRule rule)
    {
        Add(rule);
        _onPaths.Add((pattern, rule));
    }

    /// <summary>A rule of a link out of this process; the link itself keeps it.</summary>
    public void Add(FaultRule rule)
    {
        rule.Index = _all.Count;
        _all.Add(rule);
    }

    /// <summary>All that the actor in this place has to pass, in install order; null when there is nothing.</summary>
    public List<FaultRule>? For(int local, string path)
    {
        var rules = new List<FaultRule>(OnActor(local));
        foreach (var (pattern, rule) in _onPaths)
        {
            if (pattern.Matches(path))
            {
                rules.Add(rule);
            }
        }

        rules.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        return rules.Count == 0 ? null : rules;
    }
}
