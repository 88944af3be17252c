namespace XenActors.Xenstore;

/// <summary>
/// A transaction's copy of a node, made at the first access: what it was then, what the transaction made of it, and the event
/// that a commit fires. The child list is borrowed from the tree until the tree's changes.
/// </summary>
internal sealed class AccessedNode(string path) : NodeRecord(path)
{
    public bool Exists { get; set; }

    public bool Modified { get; set; }

    /// <summary>Removed once, whether made again or not: no child from before is left.</summary>
    public bool Emptied { get; set; }

    public bool Fires { get; set; }

    public bool FiresExactly { get; set; }

    /// <summary>The generation at the first access; a commit finds the same or fails.</summary>
    public ulong SeenGeneration { get; set; } = NoGeneration;

    /// <summary>The permissions at the first access, or null if the node did not exist.</summary>
    public XenstorePermission[]? SeenPerms { get; set; }

    public StoreNode? BorrowedFrom { get; private set; }

    public List<ChildChange> Changes { get; } = [];

    private List<string>? ownChildren;

    public static AccessedNode Of(string path, StoreNode? live, XenstorePermission[]? perms)
    {
        var copy = new AccessedNode(path);
        if (live is null)
        {
            copy.ownChildren = [];
            return copy;
        }

        copy.Exists = true;
        (copy.Value, copy.Perms, copy.Generation, copy.ChildBytes) = (live.Value, perms!, live.Generation, live.ChildBytes);
        (copy.SeenGeneration, copy.SeenPerms) = (live.Generation, perms);
        copy.BorrowedFrom = live;
        live.Borrowers++;
        return copy;
    }

    /// <summary>Copies the child list before the tree changes its own.</summary>
    public void KeepChildren()
    {
        if (BorrowedFrom is null) return;
        ownChildren = BorrowedFrom.ChildNames();
        GiveBack();
    }

    /// <summary>Lets go of the tree's child list when the transaction ends.</summary>
    public void GiveBack()
    {
        if (BorrowedFrom is null) return;
        BorrowedFrom.Borrowers--;
        BorrowedFrom = null;
    }

    /// <summary>The child list at the first access; a restored copy brings its own.</summary>
    public List<string> SeenChildren
    {
        get => ownChildren ?? BorrowedFrom?.ChildNames() ?? [];
        set => ownChildren = value;
    }

    public List<string> ChildNames()
    {
        var names = Changes.Count == 0 ? SeenChildren : [.. SeenChildren];
        foreach (var change in Changes)
        {
            if (change.Added) names.Add(change.Name);
            else names.Remove(change.Name);
        }

        return names;
    }

    /// <summary>What the transaction last did to a child of this name.</summary>
    public ChildChange? LastChange(ReadOnlySpan<char> name)
    {
        for (var i = Changes.Count - 1; i >= 0; i--)
        {
            if (name.SequenceEqual(Changes[i].Name)) return Changes[i];
        }

        return null;
    }

    public void AddChild(string name)
    {
        Changes.Add(new ChildChange(name, true));
        ChildBytes += name.Length + 1;
    }

    public void RemoveChild(string name)
    {
        Changes.Add(new ChildChange(name, false));
        ChildBytes -= name.Length + 1;
    }

    /// <summary>The node is gone in this transaction; its children went before it.</summary>
    public void Delete()
    {
        GiveBack();
        ownChildren = [];
        Changes.Clear();
        (Exists, Modified, Emptied, Value, ChildBytes) = (false, true, true, [], 0);
    }
}
