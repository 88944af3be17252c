using XenActors.Abi;
using XenActors.Live.Xenstore;
using XenActors.Xenstore;

namespace XenActors.Live.Hosts;

/// <summary>
/// A simulated xenstored's access log: what its simulated clients and those outside say and are told. It looks on from outside, so that the history
/// is the same with it and without it.
/// </summary>
internal sealed class HostTrace(AccessLog log) : IXenstoreOnlooker
{
    private readonly IXenstoreOnlooker lives = log;

    public void Connected(int conn) => log.Created(conn);

    public void Disconnecting(int conn) => log.Closing();

    public void Disconnected(int conn) => log.Closed(conn);

    public void Asked(int conn, XsWireType type, ReadOnlySpan<byte> payload) => log.In(conn, type, payload);

    public void Told(int conn, XsWireType type, ReadOnlySpan<byte> payload) => log.Out(conn, type, payload);

    public void WatchCreated(ulong watch) => lives.WatchCreated(watch);

    public void WatchDestroyed(ulong watch) => lives.WatchDestroyed(watch);

    public void TransactionDestroyed(int conn, uint id) => lives.TransactionDestroyed(conn, id);
}
