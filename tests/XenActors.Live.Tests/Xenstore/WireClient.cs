using System.Net.Sockets;
using System.Text;
using XenActors.Abi;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>A message of the protocol; texts have <c>|</c> for NUL.</summary>
internal sealed record WireMessage(XsWireType Type, uint ReqId, uint TxId, string Text);

/// <summary>A client that sees bytes: it can send halves of messages and leave without a word.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000, SendTimeout = 30_000 };

    public WireClient(string path) => socket.Connect(new UnixDomainSocketEndPoint(path));

    public static byte[] Bytes(XsWireType type, string text, uint reqId = 1, uint txId = 0)
    {
        var bytes = new byte[XsdSockmsg.SizeOf + text.Length];
        new XsdSockmsg((uint)type, reqId, txId, (uint)text.Length).WriteTo(bytes);
        Encoding.Latin1.GetBytes(text.Replace('|', '\0'), bytes.AsSpan(XsdSockmsg.SizeOf));
        return bytes;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Sends until the kernel takes no more; how much it took.</summary>
    public long SendUntilFull(byte[] bytes, long most)
    {
        socket.Blocking = false;
        long sent = 0;
        while (sent < most)
        {
            var took = socket.Send(bytes, (int)(sent % bytes.Length), bytes.Length - (int)(sent % bytes.Length), SocketFlags.None, out var error);
            if (error != SocketError.Success) break;
            sent += took;
        }

        socket.Blocking = true;
        return sent;
    }

    /// <summary>Whether the server is silent for a tenth of a second.</summary>
    public bool Waits() => !socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead);

    public WireMessage Receive()
    {
        var header = XsdSockmsg.Read(Exactly(XsdSockmsg.SizeOf));
        var text = Encoding.Latin1.GetString(Exactly((int)header.Len)).Replace('\0', '|');
        return new((XsWireType)header.Type, header.ReqId, header.TxId, text);
    }

    public string Ask(XsWireType type, string text, uint txId = 0)
    {
        Send(Bytes(type, text, 7, txId));
        return Receive().Text;
    }

    /// <summary>Whether the server closed the connection; reads away what it said before.</summary>
    public bool IsClosed()
    {
        try
        {
            var sink = new byte[4096];
            while (socket.Receive(sink) > 0)
            {
            }

            return true;
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
        catch (SocketException wait) when (wait.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }
    }

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        try
        {
            // A process that another test is starting holds a copy of the descriptor for a moment, and closing alone would not end the connection.
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The server was first, or the test itself.
        }

        socket.Dispose();
    }

    private byte[] Exactly(int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var got = socket.Receive(bytes, at, length - at, SocketFlags.None);
            Assert.True(got > 0, "the server closed the connection");
            at += got;
        }

        return bytes;
    }
}
