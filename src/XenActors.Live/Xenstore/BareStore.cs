using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Live.Xenstore;

/// <summary>A store without a host around it: every client is a tool, every answer is immediate.</summary>
internal sealed class BareStore(XenstoreCore core) : IStoreService
{
    private IXenstoreOutput output = null!;

    public int WatchCount => core.WatchCount;

    public int TransactionCount => core.TransactionCount;

    public int TransactionsOf(int client) => core.TransactionsOf(client);

    public void Start(IXenstoreOutput output) => this.output = output;

    public void LogTo(AccessLog log) => core.Onlooker = log;

    public void Connect(int client) => core.Connect(client, 0);

    public void Disconnect(int client) => core.Disconnect(client);

    public XenstoreViolation Handle(int client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload) =>
        core.Handle(client, type, reqId, txId, payload, output);
}
