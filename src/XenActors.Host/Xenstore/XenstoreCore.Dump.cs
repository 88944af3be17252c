namespace XenActors.Xenstore;

// The read model.
public sealed partial class XenstoreCore
{
    /// <summary>The whole tree, a parent before its children, children in creation order. The store must not change meanwhile.</summary>
    public IEnumerable<XenstoreNodeView> Dump()
    {
        StoreNode? node = root;
        while (node is not null)
        {
            yield return new XenstoreNodeView(node.Path, node.Value, node.Perms);
            node = After(node);
        }
    }

    private static StoreNode? After(StoreNode node)
    {
        if (node.FirstChild is { } child) return child;
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at.Next is { } next) return next;
        }

        return null;
    }
}
