namespace XenActors.Xenstore.Traces;

/// <summary>What there was before a trace began, as far as it is known: it is laid into a fresh store before the trace is replayed.</summary>
public sealed class TraceBeginning
{
    private readonly SortedDictionary<string, Known> nodes = new(StringComparer.Ordinal) { ["/"] = new() };

    private sealed class Known
    {
        public string? Value { get; set; }

        public string[]? Permissions { get; set; }

        /// <summary>Whether guests could read and write it, while its permissions are unknown; null when that is unknown too.</summary>
        public bool? Open { get; set; }

        public bool Listed { get; set; }

        public List<string> Children { get; set; } = [];
    }

    /// <summary>Nothing more is to be found out about nodes: a listing of the store was given.</summary>
    public bool Complete { get; private set; }

    internal SortedSet<ushort> Introduced { get; } = [];

    /// <summary>Watches of connections that are older than the trace.</summary>
    internal List<(string Connection, string Path, string Token)> Watches { get; } = [];

    /// <summary>Requests, by line, that took effect at once although their connection had a transaction open: another thread's.</summary>
    internal SortedSet<int> Outside { get; } = [];

    /// <summary>The domains of connections that are older than the trace; dom0's unless it stands here.</summary>
    internal SortedDictionary<string, ushort> Domains { get; } = new(StringComparer.Ordinal);

    /// <summary>A store as <c>xenstore-ls -fp</c> lists it.</summary>
    /// <exception cref="TraceSyntaxException">A line is nothing that it prints.</exception>
    public static TraceBeginning FromListing(string text)
    {
        var beginning = new TraceBeginning { Complete = true };
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            var equals = lines[i].IndexOf(" = \"", StringComparison.Ordinal);
            if (equals < 0 || lines[i][0] != '/') throw new TraceSyntaxException(i + 1, 1, "expected a line of xenstore-ls -fp, such as /tool = \"\"   (n0)");
            var end = lines[i].LastIndexOf("\"   (", StringComparison.Ordinal);
            if (end < equals + 4 || !lines[i].EndsWith(')')) throw new TraceSyntaxException(i + 1, lines[i].Length + 1, "expected permissions such as (n0,r5): list with -p");
            beginning.Learn(lines[i][..equals], Tools.EscapedValue.Read(lines[i][(equals + 4)..end]), lines[i][(end + 5)..^1].Split(','));
        }

        return beginning;
    }

    internal bool Has(string path) => nodes.ContainsKey(path);

    /// <summary>A guest could, or could not, use a node: true if that is news. The node is the path's own, or else the nearest one above it.</summary>
    internal bool LearnAccess(string path, bool open)
    {
        while (!nodes.ContainsKey(path)) path = XenstorePath.Parent(path).ToString();
        var node = nodes[path];
        if (Complete || node.Permissions is not null || node.Open is not null) return false;
        node.Open = open;
        return true;
    }

    /// <summary>The node was there, and all above it.</summary>
    internal void Learn(string path, string? value = null, string[]? permissions = null)
    {
        if (!nodes.TryGetValue(path, out var node))
        {
            var parent = XenstorePath.Parent(path).ToString();
            Learn(parent);
            nodes[parent].Children.Add(path);
            nodes.Add(path, node = new());
        }

        node.Value ??= value;
        node.Permissions ??= permissions;
    }

    /// <summary>These children were there, in this order. The first listing tells all: later ones lack what has gone.</summary>
    internal void LearnChildren(string path, IEnumerable<string> names)
    {
        Learn(path);
        if (nodes[path].Listed) return;
        nodes[path].Listed = true;
        var order = new List<string>();
        foreach (var name in names)
        {
            var child = XenstorePath.Child(path, name);
            Learn(child);
            order.Add(child);
        }

        order.AddRange(nodes[path].Children.Where(c => !order.Contains(c)));
        nodes[path].Children = order;
    }

    /// <summary>Every node, parents first, children in their order.</summary>
    internal IEnumerable<(string Path, string Value, string[] Permissions)> Nodes()
    {
        var waiting = new Stack<string>(["/"]);
        while (waiting.TryPop(out var path))
        {
            var node = nodes[path];
            yield return (path, node.Value ?? "", node.Permissions ?? (node.Open == true ? ["b0"] : ["n0"]));
            for (var i = node.Children.Count - 1; i >= 0; i--) waiting.Push(node.Children[i]);
        }
    }
}
