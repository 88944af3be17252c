using XenActors.Simulation;

namespace XenActors.Xenstore;

// The clients' part of the state: their watches and open transactions.
public sealed partial class XenstoreCore
{
    private static void EncodeConnection<TSink>(Connection connection, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Signed(connection.Id);
        sink.Unsigned(connection.Domid);
        sink.Unsigned(connection.Order);
        sink.Unsigned(connection.NextTransactionId);
        sink.Unsigned((ulong)connection.Watches.Count);
        foreach (var watch in connection.Watches)
        {
            sink.Text(watch.Node);
            sink.Bytes(watch.Token);
            sink.Unsigned(watch.Relative ? 1u : 0u);
            sink.Unsigned(watch.Order);
        }

        sink.Unsigned((ulong)connection.Transactions.Count);
        foreach (var transaction in connection.Transactions) EncodeTransaction(transaction, ref sink);
    }

    private void DecodeConnection(ref CodecReader reader)
    {
        var id = (int)reader.Signed(int.MinValue, int.MaxValue);
        var domid = (ushort)reader.Unsigned(ushort.MaxValue);
        var connection = new Connection(id, domid, reader.Unsigned(), Mention(domid))
        {
            NextTransactionId = (uint)reader.Unsigned(uint.MaxValue),
        };
        if (!connections.TryAdd(id, connection)) reader.Refuse("a connection twice");
        for (var left = reader.Count(); left > 0; left--)
        {
            var watch = new Watch(connection, reader.TextNotNull(), reader.Bytes(), reader.Flag(), reader.Unsigned());
            connection.Watches.Add(watch);
            watches.Add(watch);
        }

        for (var left = reader.Count(); left > 0; left--) connection.Transactions.Add(DecodeTransaction(ref reader));
    }

    private static void EncodeTransaction<TSink>(StoreTransaction transaction, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Unsigned(transaction.Id);
        sink.Unsigned(transaction.Generation);
        sink.Unsigned((transaction.Failed ? 1u : 0u) | (transaction.Created ? 2u : 0u));
        sink.Unsigned((ulong)transaction.NodeCounts.Count);
        foreach (var (domid, change) in transaction.NodeCounts)
        {
            sink.Unsigned(domid);
            sink.Signed(change);
        }

        sink.Unsigned((ulong)transaction.Accessed.Count);
        foreach (var node in transaction.Accessed) EncodeCopy(node, ref sink);
    }

    private static StoreTransaction DecodeTransaction(ref CodecReader reader)
    {
        var transaction = new StoreTransaction((uint)reader.Unsigned(uint.MaxValue), reader.Unsigned());
        var flags = reader.Unsigned(3);
        (transaction.Failed, transaction.Created) = ((flags & 1) != 0, (flags & 2) != 0);
        for (var left = reader.Count(); left > 0; left--)
        {
            var domid = (uint)reader.Unsigned(uint.MaxValue);
            transaction.Count(domid, (int)reader.Signed(int.MinValue, int.MaxValue));
        }

        for (var left = reader.Count(); left > 0; left--) transaction.Restore(DecodeCopy(ref reader));
        return transaction;
    }

    private static void EncodeCopy<TSink>(AccessedNode node, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Text(node.Path);
        sink.Unsigned((node.Exists ? 1u : 0u) | (node.Modified ? 2u : 0u) | (node.Fires ? 4u : 0u) | (node.FiresExactly ? 8u : 0u)
            | (node.SeenPerms is null ? 0u : 16u) | (node.Perms.Length == 0 ? 0u : 32u) | (node.Emptied ? 64u : 0u));
        sink.Bytes(node.Value);
        if (node.Perms.Length > 0) EncodePerms(node.Perms, ref sink);
        if (node.SeenPerms is not null) EncodePerms(node.SeenPerms, ref sink);
        sink.Unsigned(node.Generation);
        sink.Unsigned(node.SeenGeneration);
        sink.Signed(node.ChildBytes);
        var children = node.SeenChildren;
        sink.Unsigned((ulong)children.Count);
        foreach (var child in children) sink.Text(child);
        sink.Unsigned((ulong)node.Changes.Count);
        foreach (var change in node.Changes)
        {
            sink.Text(change.Name);
            sink.Unsigned(change.Added ? 1u : 0u);
        }
    }

    // A restored copy has its own child list: it borrows none from the tree.
    private static AccessedNode DecodeCopy(ref CodecReader reader)
    {
        var node = new AccessedNode(reader.TextNotNull());
        var flags = reader.Unsigned(127);
        node.Emptied = (flags & 64) != 0;
        (node.Exists, node.Modified, node.Fires, node.FiresExactly) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0);
        node.Value = reader.Bytes();
        if ((flags & 32) != 0) node.Perms = DecodePerms(ref reader);
        if ((flags & 16) != 0) node.SeenPerms = DecodePerms(ref reader);
        node.Generation = reader.Unsigned();
        node.SeenGeneration = reader.Unsigned();
        node.ChildBytes = (int)reader.Signed(0, int.MaxValue);
        var children = new List<string>();
        for (var left = reader.Count(); left > 0; left--) children.Add(reader.TextNotNull());
        node.SeenChildren = children;
        for (var left = reader.Count(); left > 0; left--)
        {
            var name = reader.TextNotNull();
            node.Changes.Add(new ChildChange(name, reader.Flag()));
        }

        return node;
    }
}
