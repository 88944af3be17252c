using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Machine;

namespace XenActors.Xenstore;

// TRANSACTION_START, TRANSACTION_END, and what a commit does.
public sealed partial class XenstoreCore
{
    private XenErrno TransactionStart(in Request request)
    {
        var conn = request.Conn;
        if (request.Scope.Tx is not null) return XenErrno.EBUSY;
        if (!conn.Privileged && conn.Transactions.Count > quotas.TransactionsPerDomain) return XenErrno.ENOSPC;
        uint id;
        do
        {
            id = conn.NextTransactionId;
            conn.NextTransactionId = unchecked(id + 1); // ids come round after 2^32, as the daemon's do
        }
        while (id == 0 || conn.FindTransaction(id) is not null);

        conn.Transactions.Add(new StoreTransaction(id, ++generation));
        request.Reply(Encoding.Latin1.GetBytes(id.ToString(CultureInfo.InvariantCulture) + "\0"));
        return XenErrno.None;
    }

    private XenErrno TransactionEnd(in Request request)
    {
        if (!WirePayload.TryOne(request.Payload, out var text)) return XenErrno.EINVAL;
        var commit = text.SequenceEqual("T"u8);
        if (!commit && !text.SequenceEqual("F"u8)) return XenErrno.EINVAL;
        if (request.Scope.Tx is not { } tx) return XenErrno.ENOENT;
        request.Conn.Transactions.Remove(tx);
        tx.GiveBack();
        Onlooker?.TransactionDestroyed(request.Conn.Id, tx.Id);
        var error = commit ? Commit(request.Scope, tx) : XenErrno.None;
        return error == XenErrno.None ? request.Acknowledge() : error;
    }

    /// <summary>Somebody else has come between: the transaction's commit, which must be the next request, meets EAGAIN. False when there is none.</summary>
    public bool Spoil(int connection, uint transaction)
    {
        if (connections.GetValueOrDefault(connection)?.FindTransaction(transaction) is not { } tx) return false;
        tx.Spoiled = true;
        return true;
    }

    private XenErrno Commit(in Scope scope, StoreTransaction tx)
    {
        if (tx.Failed) return XenErrno.ENOMEM;
        if (tx.Spoiled) return XenErrno.EAGAIN;
        var error = CheckCounts(scope, tx);
        if (error != XenErrno.None) return error;
        foreach (var node in tx.Accessed)
        {
            if (Has(Defects.XenstoredLostUpdate)) break;
            if ((nodes.Find(node.Path)?.Generation ?? NodeRecord.NoGeneration) != node.SeenGeneration) return XenErrno.EAGAIN;
        }

        if (Has(Defects.XenstoredTxPartialCommit) && tx.Accessed.FindIndex(Vanished) is >= 0 and var vanished) return CommitUpTo(scope, tx, vanished);
        foreach (var (domid, change) in tx.NodeCounts) Count(null, domid, change);
        Apply(scope, tx.Accessed);
        return XenErrno.None;
    }

    // The defect's commit: comes to a node that the transaction itself has made and removed, does not find it, and leaves what it has done so far.
    private XenErrno CommitUpTo(in Scope scope, StoreTransaction tx, int vanished)
    {
        Apply(scope, tx.Accessed[..vanished]);
        return XenErrno.EIO;
    }

    private static bool Vanished(AccessedNode node) => node is { Modified: true, Exists: false, SeenGeneration: NodeRecord.NoGeneration };

    private void Apply(in Scope scope, List<AccessedNode> accessed)
    {
        foreach (var node in accessed)
        {
            if (!node.Modified) continue;
            if (node.Exists) Store(node);
            else if (nodes.Find(node.Path) is { } gone) Drop(gone);
            scope.Output.Changed(node.Path, node.Exists, node.Value);
            // Told while what the transaction touched later still stands as it was: so far reach the rights of those who hear.
            if (node.Fires) Publish(scope.Output, node.Path, null, node.FiresExactly, node.SeenPerms, ulong.MaxValue);
        }

        foreach (var node in accessed) Relink(node);
    }

    private XenErrno CheckCounts(in Scope scope, StoreTransaction tx)
    {
        foreach (var (domid, change) in tx.NodeCounts)
        {
            if (!TryMention(domid)) return XenErrno.ENOMEM;
            if (domid == 0 || scope.Privileged || !tx.Created || Has(Defects.XenstoredQuotaBypass)) continue;
            if (int.Max(domains[domid].NodeCount + change, 0) >= quotas.NodesPerDomain) return XenErrno.ENOSPC;
        }

        return XenErrno.None;
    }

    private void Store(AccessedNode node)
    {
        var live = nodes.Find(node.Path);
        if (live is null) nodes.Add(live = new StoreNode(node.Path));
        (live.Value, live.Perms, live.Generation) = (node.Value, node.Perms, ++generation);
    }

    // Children come and go in the order in which the transaction moved them: one removed and made again stands last.
    private void Relink(AccessedNode node)
    {
        if (!node.Exists || (node.Changes.Count == 0 && !node.Emptied)) return;
        var parent = nodes.Find(node.Path)!;
        BeforeChildrenChange(parent);
        while (node.Emptied && parent.FirstChild is { } old) old.Unlink();
        foreach (var change in node.Changes)
        {
            if (nodes.Find(XenstorePath.Child(node.Path, change.Name)) is not { } child) continue;
            if (!change.Added) child.Unlink();
            else if (child.Parent is null) parent.Append(child);
        }
    }
}
