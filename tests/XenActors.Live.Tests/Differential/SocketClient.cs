using System.Net.Sockets;

namespace XenActors.Tests.Live.Differential;

/// <summary>A tool.</summary>
internal sealed class SocketClient : IDaemonClient
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
    {
        ReceiveTimeout = PosixFile.PatienceMs, SendTimeout = PosixFile.PatienceMs,
    };

    private readonly byte[] buffer = new byte[16 * 1024];
    private int from;
    private int to;

    public SocketClient(string path)
    {
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused)
        {
            throw new DaemonException(refused.Message);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
        }
        catch (SocketException broken)
        {
            throw new DaemonException(broken.Message);
        }
    }

    public void Receive(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (from == to) Fill();
            var take = Math.Min(bytes.Length, to - from);
            buffer.AsSpan(from, take).CopyTo(bytes);
            from += take;
            bytes = bytes[take..];
        }
    }

    public void Dispose() => socket.Dispose();

    private void Fill()
    {
        try
        {
            (from, to) = (0, socket.Receive(buffer));
        }
        catch (SocketException broken)
        {
            throw new DaemonException(broken.Message);
        }

        if (to == 0) throw new DaemonException("the connection was closed");
    }
}
