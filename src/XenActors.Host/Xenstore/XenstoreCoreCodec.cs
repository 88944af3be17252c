using XenActors.Simulation;

namespace XenActors.Xenstore;

// The whole state as one value: a store restored from it goes on with the same outputs.
public sealed partial class XenstoreCore : ICodec<XenstoreCore>
{
    /// <summary>The format's own number: to be changed with every change of what is written.</summary>
    static ulong ICodec<XenstoreCore>.Schema => 0x5853_434f_5245_0002;

    static void ICodec<XenstoreCore>.Encode<TSink>(in XenstoreCore value, ref TSink sink)
    {
        EncodeQuotas(value.quotas, ref sink);
        sink.Unsigned(value.generation);
        sink.Unsigned(value.nextOrder);
        sink.Signed(value.nextConnection);
        foreach (var perms in value.specialPerms) EncodePerms(perms, ref sink);
        sink.Unsigned((ulong)value.domains.Count);
        foreach (var domain in value.domains.Values) EncodeDomain(domain, ref sink);
        sink.Unsigned((ulong)value.nodes.Count);
        for (var node = value.root; node is not null; node = After(node)) EncodeNode(node, ref sink);
        sink.Unsigned((ulong)value.connections.Count);
        foreach (var connection in value.connections.Values) EncodeConnection(connection, ref sink);
    }

    static XenstoreCore ICodec<XenstoreCore>.Decode(ref CodecReader reader)
    {
        var core = new XenstoreCore(DecodeQuotas(ref reader), new StoreNode("/"))
        {
            generation = reader.Unsigned(),
            nextOrder = reader.Unsigned(),
            nextConnection = (int)reader.Signed(0, int.MaxValue),
        };
        for (var i = 0; i < core.specialPerms.Length; i++) core.specialPerms[i] = DecodePerms(ref reader);
        for (var left = reader.Count(); left > 0; left--) core.DecodeDomain(ref reader);
        for (var left = reader.Count(); left > 0; left--) core.DecodeNode(ref reader);
        for (var left = reader.Count(); left > 0; left--) core.DecodeConnection(ref reader);
        return core;
    }

    private static void EncodeQuotas<TSink>(XenstoreQuotas quotas, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Signed(quotas.NodesPerDomain);
        sink.Signed(quotas.WatchesPerDomain);
        sink.Signed(quotas.TransactionsPerDomain);
        sink.Signed(quotas.TransactionNodes);
        sink.Signed(quotas.PermissionsPerNode);
        sink.Signed(quotas.NodeSize);
        sink.Signed(quotas.PathMax);
        sink.Signed(quotas.OutstandingRequests);
        sink.Signed(quotas.MemoryHard);
        sink.Signed(quotas.MemorySoft);
    }

    private static XenstoreQuotas DecodeQuotas(ref CodecReader reader) => new()
    {
        NodesPerDomain = (int)reader.Signed(0, int.MaxValue),
        WatchesPerDomain = (int)reader.Signed(0, int.MaxValue),
        TransactionsPerDomain = (int)reader.Signed(0, int.MaxValue),
        TransactionNodes = (int)reader.Signed(0, int.MaxValue),
        PermissionsPerNode = (int)reader.Signed(0, int.MaxValue),
        NodeSize = (int)reader.Signed(0, int.MaxValue),
        PathMax = (int)reader.Signed(0, int.MaxValue),
        OutstandingRequests = (int)reader.Signed(0, int.MaxValue),
        MemoryHard = (int)reader.Signed(0, int.MaxValue),
        MemorySoft = (int)reader.Signed(0, int.MaxValue),
    };

    private static void EncodePerms<TSink>(XenstorePermission[] perms, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Unsigned((ulong)perms.Length);
        foreach (var permission in perms)
        {
            sink.Unsigned(permission.Domid);
            sink.Unsigned((ulong)permission.Access);
            sink.Unsigned(permission.Stale ? 1u : 0u);
        }
    }

    private static XenstorePermission[] DecodePerms(ref CodecReader reader)
    {
        var perms = new XenstorePermission[reader.Count()];
        for (var i = 0; i < perms.Length; i++)
        {
            perms[i] = new XenstorePermission((uint)reader.Unsigned(uint.MaxValue), (XenstoreAccess)reader.Unsigned(3), reader.Flag());
        }

        if (perms.Length == 0) reader.Refuse("a node without an owner");
        return perms;
    }

    private static void EncodeDomain<TSink>(StoreDomain domain, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Unsigned(domain.Domid);
        sink.Unsigned(domain.Generation);
        sink.Unsigned(domain.Order);
        sink.Unsigned(domain.IntroducedOrder);
        sink.Unsigned(domain.Introduced ? 1u : 0u);
        sink.Unsigned(domain.Shutdown ? 1u : 0u);
        sink.Signed(domain.NodeCount);
        sink.Signed(domain.Target ?? -1L);
    }

    private void DecodeDomain(ref CodecReader reader)
    {
        var domain = new StoreDomain((uint)reader.Unsigned(uint.MaxValue), reader.Unsigned(), reader.Unsigned())
        {
            IntroducedOrder = reader.Unsigned(),
            Introduced = reader.Flag(),
            Shutdown = reader.Flag(),
            NodeCount = (int)reader.Signed(int.MinValue, int.MaxValue),
        };
        var target = reader.Signed(-1, uint.MaxValue);
        domain.Target = target < 0 ? null : (uint)target;
        if (!domains.TryAdd(domain.Domid, domain)) reader.Refuse("a domain twice");
    }

    private static void EncodeNode<TSink>(StoreNode node, ref TSink sink)
        where TSink : struct, ICodecSink, allows ref struct
    {
        sink.Text(node.Path);
        sink.Bytes(node.Value);
        EncodePerms(node.Perms, ref sink);
        sink.Unsigned(node.Generation);
    }

    private void DecodeNode(ref CodecReader reader)
    {
        var path = reader.TextNotNull();
        var node = path == "/" ? root : new StoreNode(path);
        if (nodes.Find(path) is not null) reader.Refuse("a node twice");
        node.Value = reader.Bytes();
        node.Perms = DecodePerms(ref reader);
        node.Generation = reader.Unsigned();
        nodes.Add(node);
        if (ReferenceEquals(node, root)) return;
        var parent = nodes.Find(XenstorePath.Parent(path));
        if (parent is null) reader.Refuse("a node without a parent");
        parent!.Append(node);
    }
}
