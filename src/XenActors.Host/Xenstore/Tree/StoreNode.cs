namespace XenActors.Xenstore;

/// <summary>A node of the tree. Children hang in a list in creation order, so that adding and removing cost the same in any directory.</summary>
internal sealed class StoreNode(string path) : NodeRecord(path)
{
    public StoreNode? Parent { get; private set; }

    public StoreNode? FirstChild { get; private set; }

    public StoreNode? Next { get; private set; }

    /// <summary>How many open transactions rely on this child list instead of having copied it.</summary>
    public int Borrowers { get; set; }

    private StoreNode? lastChild;
    private StoreNode? previous;

    public ReadOnlySpan<char> Name => XenstorePath.Name(Path);

    /// <summary>The child list as DIRECTORY tells it; kept until it changes. Not part of the state.</summary>
    public byte[]? Listing { get; set; }

    public void Append(StoreNode child)
    {
        Listing = null;
        child.Parent = this;
        child.previous = lastChild;
        if (lastChild is null) FirstChild = child;
        else lastChild.Next = child;
        lastChild = child;
        ChildBytes += child.Name.Length + 1;
    }

    public void Unlink()
    {
        if (Parent is not { } parent) return;
        parent.Listing = null;
        if (previous is null) parent.FirstChild = Next;
        else previous.Next = Next;
        if (Next is null) parent.lastChild = previous;
        else Next.previous = previous;
        parent.ChildBytes -= Name.Length + 1;
        (Parent, previous, Next) = (null, null, null);
    }

    public List<string> ChildNames()
    {
        var names = new List<string>();
        for (var child = FirstChild; child is not null; child = child.Next) names.Add(child.Name.ToString());
        return names;
    }
}
