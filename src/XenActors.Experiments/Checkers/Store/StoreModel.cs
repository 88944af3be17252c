using System.Text;
using XenActors.Abi;

namespace XenActors.Experiments.Checkers.Store;

/// <summary>What the model answers: an error, or a payload; OK where there is none.</summary>
internal readonly record struct ModelAnswer(XenErrno Error, ReadOnlyMemory<byte>? Payload)
{
    public static readonly ModelAnswer Ok = new(XenErrno.None, null);

    public static implicit operator ModelAnswer(XenErrno error) => new(error, null);
}

/// <summary>A change of the tree as watches hear of it.</summary>
/// <param name="Exact">Only watches on exactly this path hear of it: it went with a node above it.</param>
/// <param name="Before">The node's permissions before; null when there was none.</param>
/// <param name="After">The same after.</param>
/// <param name="Above">The permissions of the nearest node above that is there.</param>
internal readonly record struct ModelChange(string Path, bool Exact, ModelPermission[]? Before, ModelPermission[]? After, ModelPermission[] Above);

/// <summary>
/// A store as <c>docs/misc/xenstore.txt</c> describes it, as simple as it can be: one tree, one request after the other, no transactions. It is the
/// oracle for the daemon, shares no code with it, and knows nothing of its generations and copies. Quotas are no part of it.
/// </summary>
internal sealed partial class StoreModel
{
    private const int PathMax = 2048;

    private readonly Dictionary<string, ModelNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelNode>.AlternateLookup<ReadOnlySpan<char>> _find;
    private readonly SortedDictionary<ushort, ushort> _targets = [];
    private readonly char[] _path = new char[8192];

    public StoreModel()
    {
        _find = _nodes.GetAlternateLookup<ReadOnlySpan<char>>();
        var root = new ModelNode("/", null) { Permissions = [new(0, false, false, false)] };
        _nodes.Add("/", root);
        Add(Add(root, "/tool", root.Permissions), "/tool/xenstored", root.Permissions);
    }

    /// <summary>Counts requests: what changed since when.</summary>
    public long Number { get; set; }

    /// <summary>What the last request changed.</summary>
    public List<ModelChange> Changes { get; } = [];

    /// <summary>Nodes that are gone, and the request that removed them last.</summary>
    public Dictionary<string, long> Removed { get; } = new(StringComparer.Ordinal);

    /// <summary>How many nodes each guest owns.</summary>
    public SortedDictionary<uint, int> Owned { get; } = [];

    public SortedSet<ushort> Introduced { get; } = [0];

    public void SetTarget(ushort domain, ushort target) => _targets[domain] = target;

    public ModelNode? Find(ReadOnlySpan<char> path) => _find.TryGetValue(path, out var node) ? node : null;

    public bool MayRead(ModelClient client, ModelPermission[] permissions) => Access(client, permissions).Read;

    /// <summary>Domain 0 may do everything, an owner and whoever serves it too; else the first living entry counts, or the first of all for everybody.</summary>
    public (bool Read, bool Write, bool Owner) Access(ModelClient client, ModelPermission[] permissions)
    {
        if (client.Privileged || Is(client, permissions[0].Domain))
        {
            return (true, true, true);
        }

        for (var i = 1; i < permissions.Length; i++)
        {
            if (!permissions[i].Dead && Is(client, permissions[i].Domain))
            {
                return (permissions[i].Read, permissions[i].Write, false);
            }
        }

        return (permissions[0].Read, permissions[0].Write, false);
    }

    /// <summary>A domain is gone: what it owned goes, and what was granted to it is granted to nobody.</summary>
    public void End(ushort domain)
    {
        List<ModelNode> owned = [];
        Collect(_nodes["/"], domain, owned);
        foreach (var node in owned)
        {
            Remove(node);
        }

        foreach (var node in _nodes.Values)
        {
            for (var i = 1; i < node.Permissions.Length; i++)
            {
                if (node.Permissions[i].Domain == domain && !node.Permissions[i].Dead)
                {
                    node.Permissions = [.. node.Permissions];
                    node.Permissions[i] = node.Permissions[i] with { Dead = true };
                }
            }
        }

        Introduced.Remove(domain);
        _targets.Remove(domain);
    }

    /// <summary>A path as the client means it; false when it is none.</summary>
    public bool TryPath(ModelClient client, ReadOnlySpan<byte> text, out ReadOnlySpan<char> path)
    {
        path = default;
        if (text.Length == 0 || text.Length > XenstoreLimits.PayloadMax)
        {
            return false;
        }

        var length = 0;
        if (text[0] != '/')
        {
            client.Home.CopyTo(_path);
            length = client.Home.Length;
            _path[length++] = '/';
        }

        length += Encoding.Latin1.GetChars(text, _path.AsSpan(length));
        path = _path.AsSpan(0, length);
        if (text[0] == '@' || (length > 1 && path[^1] == '/') || length > PathMax + HomeLength(path))
        {
            return false;
        }

        for (var i = 0; i < length; i++)
        {
            var c = path[i];
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '/' or '_' or '@') || (c == '/' && i > 0 && path[i - 1] == '/'))
            {
                return false;
            }
        }

        return true;
    }

    public static ReadOnlySpan<char> Above(ReadOnlySpan<char> path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    // /local/domain/N/ is not counted.
    private static int HomeLength(ReadOnlySpan<char> path)
    {
        const string domains = "/local/domain/";
        if (!path.StartsWith(domains))
        {
            return 0;
        }

        var end = path[domains.Length..].IndexOf('/');
        return end is > 0 and <= 5 ? domains.Length + end + 1 : 0;
    }

    private bool Is(ModelClient client, uint domain) =>
        client.Domain == domain || (_targets.TryGetValue(client.Domain, out var target) && target == domain);

    private static void Collect(ModelNode node, ushort domain, List<ModelNode> owned)
    {
        if (node.Parent is not null && node.Owner == domain)
        {
            owned.Add(node);
            return;
        }

        foreach (var child in node.Children)
        {
            Collect(child, domain, owned);
        }
    }

    private ModelNode Add(ModelNode parent, string path, ModelPermission[] permissions)
    {
        var node = new ModelNode(path, parent) { Permissions = permissions, Changed = Number };
        _nodes.Add(path, node);
        Removed.Remove(path);
        parent.Children.Add(node);
        parent.Changed = Number;
        Count(node.Owner, 1);
        return node;
    }

    private void Remove(ModelNode top)
    {
        var parent = top.Parent!;
        Drop(top, exact: false, parent.Permissions);
        parent.Children.Remove(top);
        parent.Changed = Number;
    }

    private void Drop(ModelNode node, bool exact, ModelPermission[] above)
    {
        foreach (var child in node.Children)
        {
            Drop(child, exact: true, above);
        }

        Changes.Add(new(node.Path, exact, node.Permissions, null, above));
        _nodes.Remove(node.Path);
        Removed[node.Path] = Number;
        Count(node.Owner, -1);
    }

    private void Count(uint domain, int change)
    {
        if (domain != 0)
        {
            Owned[domain] = Owned.GetValueOrDefault(domain) + change;
        }
    }

    private ModelPermission[] NearestAbove(ReadOnlySpan<char> path)
    {
        ModelNode? above;
        do
        {
            path = Above(path);
            above = Find(path);
        }
        while (above is null);
        return above.Permissions;
    }
}
