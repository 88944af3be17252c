using XenActors.Abi;

namespace XenActors.Xenstore.Tools;

/// <summary>A store that answers requests: a daemon at the other end of a socket, or a core in this process.</summary>
public interface IXenstoreConnection
{
    /// <summary>Sends a request and waits for its reply. A connection that is lost answers <see cref="XenErrno.EBADF"/>, as libxenstore does.</summary>
    XsAnswer Ask(XsWireType type, uint txId, ReadOnlySpan<byte> payload);

    /// <summary>Waits for the next event of a watch that was asked for here; null when none can follow.</summary>
    XsWatchEvent? NextEvent();
}
