using XenActors.Abi;

namespace XenActors.Xenstore;

/// <summary>Where the core's answers go. The order of the calls is the order in which clients see them.</summary>
public interface IXenstoreOutput
{
    void Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload);

    void WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token);

    /// <summary>Whether the same event still waits to be delivered: the daemon merges the two, so that a slow reader's queue stays bounded.</summary>
    bool IsPending(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) => false;

    /// <summary>A node was written for good, or is gone: for those who look on. Nothing that clients see depends on it.</summary>
    void Changed(string path, bool exists, byte[] value)
    {
    }

    /// <summary>INTRODUCE names a domain that is not introduced yet: whether the transport can reach its ring. An error is the tool's answer.</summary>
    XenErrno Introducing(DomId domid, Gfn ring, EvtchnPort port) => XenErrno.None;

    /// <summary>A domain is introduced, for the first time or again: the transport may now serve its ring, from the beginning.</summary>
    void Introduced(DomId domid, Gfn ring, EvtchnPort port)
    {
    }

    /// <summary>A domain was released or died: its ring and its connection are gone.</summary>
    void Released(DomId domid)
    {
    }
}
