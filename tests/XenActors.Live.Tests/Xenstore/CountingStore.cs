using XenActors.Abi;
using XenActors.Live.Xenstore;
using XenActors.Xenstore;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>A bare store that counts the requests that reach it.</summary>
internal sealed class CountingStore : IStoreService
{
    private readonly BareStore store = new(new XenstoreCore());
    private long handled;

    public long Handled => Volatile.Read(ref handled);

    public int WatchCount => store.WatchCount;

    public int TransactionCount => store.TransactionCount;

    public void Start(IXenstoreOutput output) => store.Start(output);

    public void Connect(int client) => store.Connect(client);

    public void Disconnect(int client) => store.Disconnect(client);

    public XenstoreViolation Handle(int client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        Volatile.Write(ref handled, handled + 1);
        return store.Handle(client, type, reqId, txId, payload);
    }
}
