using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore;

// Finding nodes, who may do what with them, and changing them, in the tree or in a transaction's copy.
public sealed partial class XenstoreCore
{
    // The request's path made absolute, in the scratch buffer: one request has one path.
    private bool TryPath(in Request request, ReadOnlySpan<byte> text, out ReadOnlySpan<char> path)
    {
        var length = 0;
        path = default;
        if (text.Length > 0 && text[0] == (byte)'@') return false; // special names are no nodes
        if (text.Length == 0 || text[0] != (byte)'/')
        {
            request.Conn.Home.CopyTo(pathBuffer);
            length = request.Conn.Home.Length;
            pathBuffer[length++] = '/';
        }

        length += Encoding.Latin1.GetChars(text, pathBuffer.AsSpan(length));
        path = pathBuffer.AsSpan(0, length);
        return XenstorePath.IsValid(path);
    }

    private NodeRecord? ReadNode(in Scope scope, ReadOnlySpan<char> path, out XenErrno error)
    {
        error = XenErrno.None;
        if (scope.Tx is not { } tx)
        {
            var live = nodes.Find(path);
            if (live is null) error = XenErrno.ENOENT;
            return live;
        }

        var copy = tx.Find(path);
        if (copy is null)
        {
            if (!scope.Privileged && tx.Accessed.Count >= quotas.TransactionNodes)
            {
                error = XenErrno.ENOSPC;
                return null;
            }

            copy = tx.Access(path, nodes.Find(path));
        }

        if (copy.Exists) return copy;
        error = XenErrno.ENOENT;
        return null;
    }

    private NodeRecord? GetNode(in Scope scope, ReadOnlySpan<char> path, XenstoreAccess need, out XenErrno error)
    {
        var node = ReadNode(scope, path, out error);
        if (node is not null)
        {
            if ((AccessOf(scope.Conn, node) & need) == need) return node;
            error = XenErrno.EACCES;
        }

        if (error == XenErrno.ENOSPC || (scope.Tx is null && scope.Privileged)) return null;
        return Excuse(scope, path, need, ref error);
    }

    // Whoever may not look at the nearest existing parent is not even told that a node is missing. The look itself counts as a
    // read of those parents in a transaction.
    private NodeRecord? Excuse(in Scope scope, ReadOnlySpan<char> path, XenstoreAccess need, ref XenErrno error)
    {
        NodeRecord? parent;
        do
        {
            path = XenstorePath.Parent(path);
            parent = ReadNode(scope, path, out var parentError);
            if (parentError == XenErrno.ENOSPC)
            {
                error = parentError;
                return null;
            }
        }
        while (parent is null && path.Length > 1);

        if (parent is null || (AccessOf(scope.Conn, parent) & need) == 0) error = XenErrno.EACCES;
        return null;
    }

    private XenstoreAccess AccessOf(Connection? conn, NodeRecord node) => AccessOf(conn, node.Perms, node.Generation);

    private XenstoreAccess AccessOf(Connection? conn, XenstorePermission[] perms, ulong since)
    {
        if (conn is null || conn.Privileged || IsOrServes(conn, perms[0].Domid)) return XenstoreAccess.All;
        for (var i = 1; i < perms.Length; i++)
        {
            if (!perms[i].Stale && IsOrServes(conn, perms[i].Domid) && IsOlder(perms[i].Domid, since)) return perms[i].Access;
        }

        return perms[0].Access;
    }

    private static bool IsOrServes(Connection conn, uint domid) => conn.Domid == domid || conn.Domain.Target == domid;

    // Whether a domain existed when a node was last written; a younger one of the same number inherits nothing.
    private bool IsOlder(uint domid, ulong since) => domains.TryGetValue(domid, out var domain) && domain.Generation <= since;

    // What a rewritten node keeps: entries of dead domains stay listed, and must not come to life with the new generation.
    private XenstorePermission[] Current(NodeRecord node)
    {
        var perms = node.Perms;
        var copied = false;
        for (var i = 1; i < perms.Length; i++)
        {
            if (perms[i].Stale || IsOlder(perms[i].Domid, node.Generation)) continue;
            if (!copied) perms = [.. perms];
            copied = true;
            perms[i] = perms[i] with { Stale = true };
        }

        return perms;
    }

    private bool Fits(in Scope scope, int perms, int value, int children) =>
        scope.Privileged || 24 + 8 * perms + value + children < quotas.NodeSize;

    private XenErrno Update(in Scope scope, NodeRecord node, byte[] value, XenstorePermission[] perms)
    {
        if (!Fits(scope, perms.Length, value.Length, node.ChildBytes)) return XenErrno.ENOSPC;
        node.Value = value;
        node.Perms = perms;
        node.Generation = generation++;
        if (node is AccessedNode copy) copy.Modified = true;
        return XenErrno.None;
    }

    // Creates a node and what is missing above it; every new node takes its parent's permissions, but a guest owns what it makes.
    private XenErrno Create(in Scope scope, string path, byte[] value, out NodeRecord? node)
    {
        node = null;
        var missing = new List<string> { path };
        NodeRecord? parent;
        XenErrno error;
        for (var above = XenstorePath.Parent(path); ; above = XenstorePath.Parent(above))
        {
            parent = ReadNode(scope, above, out error);
            if (parent is not null) break;
            if (error != XenErrno.ENOENT) return error;
            missing.Add(above.ToString());
        }

        var perms = Current(parent);
        if (!scope.Privileged) perms = [perms[0] with { Domid = scope.Conn!.Domid }, .. perms.AsSpan(1)];
        if (!MayCreate(scope, missing, perms.Length, value.Length, parent)) return XenErrno.ENOSPC;
        Update(scope, parent, parent.Value, Current(parent));
        for (var i = missing.Count - 1; i >= 0; i--)
        {
            node = AddChild(scope, parent, missing[i], perms);
            parent = node;
        }

        node!.Value = value;
        return XenErrno.None;
    }

    private bool MayCreate(in Scope scope, List<string> missing, int perms, int value, NodeRecord parent)
    {
        if (scope.Privileged) return true;
        if (NodesOf(scope, scope.Conn!.Domid) + missing.Count > quotas.NodesPerDomain) return false;
        var children = 0;
        foreach (var path in missing)
        {
            if (!Fits(scope, perms, value, children)) return false;
            value = 0;
            children = XenstorePath.Name(path).Length + 1;
        }

        return Fits(scope, parent.Perms.Length, parent.Value.Length, parent.ChildBytes + children);
    }

    private NodeRecord AddChild(in Scope scope, NodeRecord parent, string path, XenstorePermission[] perms)
    {
        Count(scope.Tx, perms[0].Domid, 1);
        if (scope.Tx is { } tx)
        {
            ((AccessedNode)parent).AddChild(XenstorePath.Name(path).ToString());
            var copy = tx.Find(path)!; // reading it told that it is missing
            (copy.Exists, copy.Modified, copy.Value, copy.Perms, copy.Generation) = (true, true, [], perms, generation++);
            return copy;
        }

        var live = new StoreNode(path) { Perms = perms, Generation = generation++ };
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
        error = RemoveSubtree(scope, node, true);
        if (error != XenErrno.None) return error;
        if (parent is AccessedNode copy) copy.RemoveChild(XenstorePath.Name(node.Path).ToString());
        return Update(scope, parent, parent.Value, Current(parent));
    }

    private XenErrno RemoveSubtree(in Scope scope, NodeRecord node, bool isTop)
    {
        var error = node is AccessedNode ? RemoveCopies(scope, (AccessedNode)node) : RemoveChildren(scope, (StoreNode)node);
        if (error != XenErrno.None) return error;
        Fire(scope, node, !isTop, null);
        Count(scope.Tx, node.Owner, -1);
        if (node is AccessedNode copy) copy.Delete();
        else Drop((StoreNode)node);
        return XenErrno.None;
    }

    private XenErrno RemoveCopies(in Scope scope, AccessedNode node)
    {
        foreach (var name in node.ChildNames())
        {
            var child = ReadNode(scope, XenstorePath.Child(node.Path, name), out var error);
            if (error == XenErrno.ENOSPC) return error;
            if (child is null) continue;
            error = RemoveSubtree(scope, child, false);
            if (error != XenErrno.None) return error;
        }

        return XenErrno.None;
    }

    private XenErrno RemoveChildren(in Scope scope, StoreNode node)
    {
        while (node.FirstChild is { } child) RemoveSubtree(scope, child, false);
        return XenErrno.None;
    }

    private void Drop(StoreNode node)
    {
        BeforeChildrenChange(node);
        if (node.Parent is { } parent) BeforeChildrenChange(parent);
        node.Unlink();
        nodes.Remove(node);
    }

    // Open transactions that rely on this child list take their copy now.
    private void BeforeChildrenChange(StoreNode node)
    {
        if (node.Borrowers == 0) return;
        foreach (var connection in connections.Values)
        {
            foreach (var transaction in connection.Transactions)
            {
                if (transaction.Find(node.Path) is { } copy && ReferenceEquals(copy.BorrowedFrom, node)) copy.KeepChildren();
            }
        }
    }

    private int NodesOf(in Scope scope, uint domid) =>
        (domains.TryGetValue(domid, out var domain) ? domain.NodeCount : 0) + (scope.Tx?.NodeCounts.GetValueOrDefault(domid) ?? 0);

    private void Count(StoreTransaction? tx, uint domid, int change)
    {
        if (tx is not null) tx.Count(domid, change);
        else Mention(domid).NodeCount += change;
    }
}
