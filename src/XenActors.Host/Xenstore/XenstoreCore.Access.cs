using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore;

// Finding nodes in the tree or in a transaction's copy, who may do what with them, and who owns how many.
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
        return XenstorePath.IsValid(path, quotas.PathMax);
    }

    private NodeRecord? ReadNode(in Scope scope, ReadOnlySpan<char> path, out XenErrno error)
    {
        error = XenErrno.None;
        if (scope.Tx is not { } tx)
        {
            var node = nodes.Find(path);
            if (node is null) error = XenErrno.ENOENT;
            return node;
        }

        var copy = tx.Find(path);
        if (copy is null)
        {
            if (!scope.Privileged && tx.Accessed.Count >= quotas.TransactionNodes)
            {
                tx.Failed = true;
                error = XenErrno.ENOSPC;
                return null;
            }

            var live = nodes.Find(path);
            copy = tx.Access(path, live, live is null ? null : Current(live));
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
        scope.Privileged || NodeRecord.SizeOf(perms, value, children) < quotas.NodeSize;

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
