using XenActors.Abi;

namespace XenActors.Xenstore;

/// <summary>Looks on at a store from outside: it is no client, so that nothing in the store's history depends on it.</summary>
public interface IXenstoreOnlooker
{
    /// <summary>A client is there.</summary>
    void Connected(int conn)
    {
    }

    /// <summary>A client is about to be forgotten: its watches and transactions go, then <see cref="Disconnected"/> follows.</summary>
    void Disconnecting(int conn)
    {
    }

    void Disconnected(int conn)
    {
    }

    /// <summary>A client's request is about to be handled.</summary>
    void Asked(int conn, XsWireType type, ReadOnlySpan<byte> payload)
    {
    }

    /// <summary>A client of a simulated daemon is told something; other transports know better themselves when that is.</summary>
    void Told(int conn, XsWireType type, ReadOnlySpan<byte> payload)
    {
    }

    /// <summary>Watches are told of a change, as Latin-1 characters.</summary>
    /// <param name="path">The node, or a special name.</param>
    /// <param name="exact">Only watches on exactly this path hear of it.</param>
    void Changed(string path, bool exact)
    {
    }

    /// <summary>A client watches.</summary>
    /// <param name="watch">No other watch of this store has had this number.</param>
    void WatchCreated(ulong watch)
    {
    }

    void WatchDestroyed(ulong watch)
    {
    }

    /// <summary>A transaction has ended, one way or another; what its commit changes is told after it.</summary>
    void TransactionDestroyed(int conn, uint id)
    {
    }
}
