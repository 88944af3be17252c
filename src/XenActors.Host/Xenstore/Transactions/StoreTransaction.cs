using System.Globalization;

namespace XenActors.Xenstore;

/// <summary>An open transaction: the nodes that it touched, in the order of first access.</summary>
internal sealed class StoreTransaction(uint id, ulong generation)
{
    private readonly PathTable<AccessedNode> byPath = new();

    public uint Id { get; } = id;

    /// <summary>The store's count at the start.</summary>
    public ulong Generation { get; } = generation;

    /// <summary>Something failed half-way: it cannot be committed any more (ENOMEM).</summary>
    public bool Failed { get; set; }

    /// <summary>It meets a conflict whatever it touched. Set just before its commit, so never kept.</summary>
    public bool Spoiled { get; set; }

    /// <summary>It made a node, so the commit looks at the owner's quota.</summary>
    public bool Created { get; set; }

    public List<AccessedNode> Accessed { get; } = [];

    /// <summary>How many nodes each domain gains or loses by a commit.</summary>
    public SortedDictionary<uint, int> NodeCounts { get; } = [];

    /// <summary>What the daemon's copies take: each is kept under the transaction's number and the path.</summary>
    public long Memory
    {
        get
        {
            var prefix = Generation.ToString(CultureInfo.InvariantCulture).Length + 1;
            long bytes = 0;
            foreach (var node in Accessed)
            {
                if (node.Exists) bytes += node.RecordSize + prefix + node.Path.Length;
            }

            return bytes;
        }
    }

    public AccessedNode? Find(ReadOnlySpan<char> path) => byPath.Find(path);

    /// <summary>Copies a node; its permissions are told as they stand now.</summary>
    public AccessedNode Access(ReadOnlySpan<char> path, StoreNode? live, XenstorePermission[]? perms)
    {
        var node = AccessedNode.Of(live?.Path ?? path.ToString(), live, perms);
        Restore(node);
        return node;
    }

    public void Restore(AccessedNode node)
    {
        Accessed.Add(node);
        byPath.Add(node);
    }

    public void Count(uint domid, int change) => NodeCounts[domid] = NodeCounts.GetValueOrDefault(domid) + change;

    public void GiveBack()
    {
        foreach (var node in Accessed) node.GiveBack();
    }
}
