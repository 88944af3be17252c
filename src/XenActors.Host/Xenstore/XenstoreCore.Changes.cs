using XenActors.Abi;
using XenActors.Machine;

namespace XenActors.Xenstore;

// Changing nodes, in the tree or in a transaction's copy. Generations are counted as the daemon counts them: every write and every
// removal takes the next one, a new node before the parents made with it.
public sealed partial class XenstoreCore
{
    private XenErrno Update(in Scope scope, NodeRecord node, byte[] value, XenstorePermission[] perms)
    {
        generation++;
        if (!Fits(scope, perms.Length, value.Length, node.ChildBytes)) return Spoil(scope);
        Keep(node, value, perms, generation);
        return XenErrno.None;
    }

    private static void Keep(NodeRecord node, byte[] value, XenstorePermission[] perms, ulong since)
    {
        (node.Value, node.Perms, node.Generation) = (value, perms, since);
        if (node is AccessedNode copy) copy.Modified = true;
    }

    // A write that failed half-way inside a transaction is not undone there; the transaction cannot be committed any more.
    private static XenErrno Spoil(in Scope scope)
    {
        if (scope.Tx is { } tx) tx.Failed = true;
        return XenErrno.ENOSPC;
    }

    // Creates a node and what is missing above it; every new node takes its parent's permissions, but a guest owns what it makes.
    private XenErrno Create(in Scope scope, string path, byte[] value, out NodeRecord? node)
    {
        node = null;
        var missing = new List<string> { path };
        NodeRecord? parent;
        for (var above = XenstorePath.Parent(path); ; above = XenstorePath.Parent(above))
        {
            parent = ReadNode(scope, above, out var error);
            if (parent is not null) break;
            if (error != XenErrno.ENOENT) return error;
            missing.Add(above.ToString());
        }

        if (scope.Tx is { } tx) tx.Created = true;
        var perms = Current(parent);
        if (!scope.Privileged) perms = [perms[0] with { Domid = scope.Conn!.Domid }, .. perms.AsSpan(1)];
        if (!MayCreate(scope, missing, perms.Length, value.Length, parent)) return XenErrno.ENOSPC;
        var since = generation += (ulong)missing.Count + 1; // the parent that was there is written last
        Keep(parent, parent.Value, Current(parent), since);
        for (var i = missing.Count - 1; i >= 0; i--)
        {
            node = AddChild(scope, parent, missing[i], perms, --since);
            parent = node;
        }

        node!.Value = value;
        return XenErrno.None;
    }

    // The daemon writes from the new node upwards and takes everything back at the first that does not fit.
    private bool MayCreate(in Scope scope, List<string> missing, int perms, int value, NodeRecord parent)
    {
        if (scope.Privileged) return true;
        var owned = domains[scope.Conn!.Domid].NodeCount; // a transaction's own are counted when it is committed
        var children = 0;
        foreach (var path in missing)
        {
            if (owned >= quotas.NodesPerDomain && !(scope.Tx is not null && Has(Defects.XenstoredQuotaBypass))) return false;
            if (scope.Tx is null) owned++;
            generation++;
            if (!Fits(scope, perms, value, children)) return Spoil(scope) == XenErrno.None;
            value = 0;
            children = XenstorePath.Name(path).Length + 1;
        }

        if (Fits(scope, parent.Perms.Length, parent.Value.Length, parent.ChildBytes + children))
        {
            generation -= (ulong)missing.Count; // nothing was written yet
            return true;
        }

        generation++;
        return Spoil(scope) == XenErrno.None;
    }

    private NodeRecord AddChild(in Scope scope, NodeRecord parent, string path, XenstorePermission[] perms, ulong since)
    {
        Count(scope.Tx, perms[0].Domid, 1);
        if (scope.Tx is { } tx)
        {
            ((AccessedNode)parent).AddChild(XenstorePath.Name(path).ToString());
            var copy = tx.Find(path)!; // reading it told that it is missing
            (copy.Exists, copy.Modified, copy.Value, copy.Perms, copy.Generation) = (true, true, [], perms, since);
            return copy;
        }

        var live = new StoreNode(path) { Perms = perms, Generation = since };
        nodes.Add(live);
        BeforeChildrenChange((StoreNode)parent);
        ((StoreNode)parent).Append(live);
        return live;
    }

    // Removes a node with all below it. Below the root of the removal only watches on exactly those nodes hear of it.
    private XenErrno Remove(in Scope scope, NodeRecord node)
    {
        var parent = ReadNode(scope, XenstorePath.Parent(node.Path), out var error);
        if (parent is null) return error == XenErrno.ENOSPC ? error : XenErrno.EINVAL;
        if (!RemoveSubtree(scope, node, true)) return XenErrno.EIO;
        if (parent is AccessedNode copy)
        {
            // A child that came after the transaction had seen its parent: the daemon takes that for a broken store.
            if (!HasChild(copy, node.Path)) return XenErrno.EIO;
            copy.RemoveChild(XenstorePath.Name(node.Path).ToString());
        }

        Keep(parent, parent.Value, Current(parent), ++generation); // a smaller record always fits
        return XenErrno.None;
    }

    private bool HasChild(AccessedNode parent, string path)
    {
        var name = XenstorePath.Name(path);
        if (parent.LastChange(name) is { } change) return change.Added;
        if (parent.BorrowedFrom is { } live) return ReferenceEquals(nodes.Find(path)?.Parent, live);
        return parent.SeenChildren.Contains(name.ToString());
    }

    private bool RemoveSubtree(in Scope scope, NodeRecord node, bool isTop)
    {
        if (node is AccessedNode directory)
        {
            if (!RemoveCopies(scope, directory)) return false;
        }
        else
        {
            while (((StoreNode)node).FirstChild is { } child) RemoveSubtree(scope, child, false);
        }

        generation += isTop ? 1u : 2u; // with each child its parent is written
        Fire(scope, node, !isTop, null);
        Count(scope.Tx, node.Owner, -1);
        if (node is AccessedNode copy)
        {
            copy.Delete();
        }
        else
        {
            Drop((StoreNode)node);
            scope.Output.Changed(node.Path, false, []);
        }

        return true;
    }

    // False when the copy lists a child that is not there any more, or that the transaction may not touch: what went before it stays removed.
    private bool RemoveCopies(in Scope scope, AccessedNode node)
    {
        var names = node.ChildNames();
        for (var i = 0; i < names.Count; i++)
        {
            var child = ReadNode(scope, XenstorePath.Child(node.Path, names[i]), out _);
            if (child is not null && RemoveSubtree(scope, child, false)) continue;
            for (var gone = 0; gone < i; gone++) node.RemoveChild(names[gone]);
            if (i > 0) (node.Modified, node.Generation) = (true, generation);
            return false;
        }

        return true;
    }

    private void Drop(StoreNode node)
    {
        BeforeChildrenChange(node);
        if (node.Parent is { } parent) BeforeChildrenChange(parent);
        node.Unlink();
        nodes.Remove(node);
    }
}
