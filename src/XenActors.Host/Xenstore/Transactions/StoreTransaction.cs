namespace XenActors.Xenstore;

/// <summary>An open transaction: the nodes that it touched, in the order of first access.</summary>
internal sealed class StoreTransaction(uint id)
{
    private readonly PathTable<AccessedNode> byPath = new();

    public uint Id { get; } = id;

    public List<AccessedNode> Accessed { get; } = [];

    /// <summary>How many nodes each domain gains or loses by a commit.</summary>
    public SortedDictionary<uint, int> NodeCounts { get; } = [];

    public AccessedNode? Find(ReadOnlySpan<char> path) => byPath.Find(path);

    public AccessedNode Access(ReadOnlySpan<char> path, StoreNode? live)
    {
        var node = AccessedNode.Of(live?.Path ?? path.ToString(), live);
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
