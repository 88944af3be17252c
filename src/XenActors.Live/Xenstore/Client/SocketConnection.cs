using System.Text;
using XenActors.Abi;
using XenActors.Live.Native;
using XenActors.Xenstore;
using XenActors.Xenstore.Tools;

namespace XenActors.Live.Xenstore.Client;

/// <summary>A tool's connection to a daemon at a Unix socket.</summary>
public sealed class SocketConnection : IXenstoreConnection, IDisposable
{
    private readonly XenstoreSocket socket;
    private readonly Queue<XsWatchEvent> events = new();
    private bool lost;

    /// <exception cref="XenstoreSocketException">Nobody listens there.</exception>
    /// <exception cref="Experiments.UserErrorException">No socket can have this path.</exception>
    public SocketConnection(string path) => socket = new XenstoreSocket(new UnixAddress(path));

    /// <summary>Where libxenstore's clients look for the daemon: XENSTORED_PATH, else XENSTORED_RUNDIR/socket, else Xen's own place.</summary>
    public static string UsualPath =>
        Environment.GetEnvironmentVariable("XENSTORED_PATH")
        ?? (Environment.GetEnvironmentVariable("XENSTORED_RUNDIR") ?? "/var/run/xenstored") + "/socket";

    public XsAnswer Ask(XsWireType type, uint txId, ReadOnlySpan<byte> payload)
    {
        if (lost) return new(XenErrno.EBADF, null);
        try
        {
            socket.Send(XenstoreSocket.Request(type, payload, 0, txId));
            while (socket.Receive() == XsWireType.WatchEvent) events.Enqueue(Event(socket.Payload));
            return XsAnswer.Of((XsWireType)socket.Header.Type, socket.Payload);
        }
        catch (XenstoreSocketException)
        {
            lost = true;
            return new(XenErrno.EBADF, null);
        }
    }

    /// <exception cref="ToolFailure">The connection is lost.</exception>
    public XsWatchEvent? NextEvent()
    {
        if (events.TryDequeue(out var next)) return next;
        try
        {
            while (socket.Receive() != XsWireType.WatchEvent)
            {
                // No request is out: what this may be is nobody's.
            }

            return Event(socket.Payload);
        }
        catch (XenstoreSocketException cause)
        {
            throw new ToolFailure(cause.Message);
        }
    }

    public void Dispose() => socket.Dispose();

    private static XsWatchEvent Event(ReadOnlySpan<byte> payload)
    {
        var texts = Encoding.Latin1.GetString(payload).Split('\0');
        return new(texts[0], texts.Length > 1 ? texts[1] : "");
    }
}
