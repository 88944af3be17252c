using XenActors.Abi;
using XenActors.Machine;

namespace XenActors.Xenstore;

/// <summary>
/// xenstored as its clients see it (C xenstored 4.17), without I/O and without a clock: requests in, replies and watch events out.
/// All of its state is plain data. Wire: <c>public/io/xs_wire.h</c>.
/// </summary>
public sealed partial class XenstoreCore
{
    private XenstoreQuotas quotas;
    private readonly SortedDictionary<int, Connection> connections = [];
    private readonly SortedDictionary<uint, StoreDomain> domains = [];
    private readonly PathTable<StoreNode> nodes = new();
    private readonly WatchIndex watches = new();
    private readonly StoreNode root;
    private ulong generation;
    private ulong nextOrder;
    private int nextConnection = 1;
    private readonly XenstorePermission[][] specialPerms;

    // Scratch space of one call; never part of the state.
    private readonly char[] pathBuffer = new char[XenstoreLimits.PayloadMax + 32];
    private readonly byte[] eventBuffer = new byte[XenstoreLimits.PayloadMax];
    private readonly List<Watch> hits = [];

    public XenstoreCore(XenstoreQuotas? quotas = null)
        : this(quotas ?? XenstoreQuotas.Default, new StoreNode("/"))
    {
        XenstorePermission[] none = [new(0, XenstoreAccess.None)];
        domains.Add(0, new StoreDomain(0, 0, nextOrder++) { Introduced = true, IntroducedOrder = nextOrder++ });
        Settle(root, none);
        var tool = new StoreNode("/tool");
        Settle(tool, none);
        root.Append(tool);
        var xenstored = new StoreNode("/tool/xenstored");
        Settle(xenstored, none);
        tool.Append(xenstored);
    }

    private XenstoreCore(XenstoreQuotas quotas, StoreNode root)
    {
        this.quotas = quotas;
        this.root = root;
        specialPerms = [[new(0, XenstoreAccess.None)], [new(0, XenstoreAccess.None)]];
    }

    /// <summary>Which domains exist; without one, all that have a number that a domain can have. Not part of the state.</summary>
    public IDomainLives? Lives { get; set; }

    /// <summary>Which of its published defects the daemon has. Not part of the state.</summary>
    public Defects Defects { get; set; }

    /// <summary>Hears of every change; not part of the state, and nothing that clients see depends on it.</summary>
    public IXenstoreOnlooker? Onlooker { get; set; }

    /// <summary>How many nodes the tree holds, the root among them.</summary>
    public int NodeCount => nodes.Count;

    /// <summary>A new client; a domid of 0 has the rights of dom0.</summary>
    public int Connect(ushort domid)
    {
        while (connections.ContainsKey(nextConnection)) nextConnection++;
        var id = nextConnection++;
        Connect(id, domid);
        return id;
    }

    /// <summary>A new client under the transport's own number, which must be free.</summary>
    public void Connect(int conn, ushort domid)
    {
        var domain = Mention(domid);
        var order = domid != 0 && domain.Introduced ? domain.IntroducedOrder : nextOrder++;
        connections.Add(conn, new Connection(conn, domid, order, domain));
        Onlooker?.Connected(conn);
    }

    /// <summary>A client is gone: its transactions end without effect, its watches with it.</summary>
    public void Disconnect(int conn)
    {
        if (!connections.Remove(conn, out var connection)) return;
        Onlooker?.Disconnecting(conn);
        Reset(connection);
        Onlooker?.Disconnected(conn);
    }

    /// <summary>Ends a client's transactions and watches; it stays connected.</summary>
    public void Empty(int conn)
    {
        if (connections.TryGetValue(conn, out var connection)) Reset(connection);
    }

    public bool IsConnected(int conn) => connections.ContainsKey(conn);

    /// <summary>Answers one request; everything that it causes has been output when this returns.</summary>
    public XenstoreViolation Handle(
        int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload, IXenstoreOutput output)
    {
        if (!connections.TryGetValue(conn, out var connection)) return XenstoreViolation.UnknownConnection;
        if (payload.Length > XenstoreLimits.PayloadMax) return XenstoreViolation.PayloadTooLong;
        Onlooker?.Asked(conn, type, payload);
        var scope = new Scope(connection, null, output);
        var error = Refusal(connection, type);
        if (error == XenErrno.None && txId != 0 && TakesTransaction(type))
        {
            var transaction = connection.FindTransaction(txId);
            if (transaction is null) error = XenErrno.ENOENT;
            else scope = new Scope(connection, transaction, output);
        }

        var request = new Request(scope, type, reqId, txId, payload);
        if (error == XenErrno.None) error = Dispatch(request);
        if (error != XenErrno.None) request.Fail(error);
        return XenstoreViolation.None;
    }

    // An unknown operation is told before anything else, a missing privilege before the transaction id.
    private static XenErrno Refusal(Connection connection, XsWireType type) => type switch
    {
        XsWireType.WatchEvent or XsWireType.Error or > XsWireType.DirectoryPart or (XsWireType)20 => XenErrno.ENOSYS,
        XsWireType.Control or XsWireType.Introduce or XsWireType.Release or XsWireType.Resume or XsWireType.SetTarget
            or XsWireType.IsDomainIntroduced when !connection.Privileged => XenErrno.EACCES,
        _ => XenErrno.None,
    };

    private static bool TakesTransaction(XsWireType type) =>
        type is not (XsWireType.Watch or XsWireType.Unwatch);

    private XenErrno Dispatch(in Request request) => request.Type switch
    {
        XsWireType.Control => Control(request),
        XsWireType.Directory => ListDirectory(request),
        XsWireType.Read => Read(request),
        XsWireType.GetPerms => GetPerms(request),
        XsWireType.Watch => AddWatch(request),
        XsWireType.Unwatch => Unwatch(request),
        XsWireType.TransactionStart => TransactionStart(request),
        XsWireType.TransactionEnd => TransactionEnd(request),
        XsWireType.Introduce => Introduce(request),
        XsWireType.Release => Release(request),
        XsWireType.GetDomainPath => GetDomainPath(request),
        XsWireType.Write => Write(request),
        XsWireType.Mkdir => Mkdir(request),
        XsWireType.Rm => Rm(request),
        XsWireType.SetPerms => SetPerms(request),
        XsWireType.IsDomainIntroduced => IsDomainIntroduced(request),
        XsWireType.Resume => Resume(request),
        XsWireType.SetTarget => SetTarget(request),
        XsWireType.ResetWatches => ResetWatches(request),
        XsWireType.DirectoryPart => ListDirectoryPart(request),
        _ => XenErrno.ENOSYS,
    };

    private void Reset(Connection connection)
    {
        foreach (var watch in connection.Watches)
        {
            watches.Remove(watch);
            Onlooker?.WatchDestroyed(watch.Order);
        }

        connection.Watches.Clear();
        foreach (var transaction in connection.Transactions)
        {
            transaction.GiveBack();
            Onlooker?.TransactionDestroyed(connection.Id, transaction.Id);
        }

        connection.Transactions.Clear();
    }

    private bool Has(Defects defect) => (Defects & defect) != 0;

    private void Settle(StoreNode node, XenstorePermission[] perms)
    {
        node.Perms = perms;
        node.Generation = ++generation;
        nodes.Add(node);
        Count(null, perms[0].Domid, 1);
    }
}
