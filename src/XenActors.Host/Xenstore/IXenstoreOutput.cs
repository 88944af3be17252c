using XenActors.Abi;

namespace XenActors.Xenstore;

/// <summary>Where the core's answers go. The order of the calls is the order in which clients see them.</summary>
public interface IXenstoreOutput
{
    void Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload);

    void WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token);

    /// <summary>Whether the same event still waits to be delivered: the daemon merges the two, so that a slow reader's queue stays bounded.</summary>
    bool IsPending(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) => false;

    /// <summary>INTRODUCE told where a domain's ring lies; the transport may now serve it.</summary>
    void Introduced(DomId domid, Gfn ring, EvtchnPort port)
    {
    }

    /// <summary>A domain was released or died: its ring and its connection are gone.</summary>
    void Released(DomId domid)
    {
    }
}
