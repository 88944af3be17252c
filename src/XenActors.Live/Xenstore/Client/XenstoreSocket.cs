using System.Runtime.InteropServices;
using System.Text;
using XenActors.Abi;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Client;

/// <summary>A blocking connection to a daemon: requests as bytes in, messages cut from the stream out, and as little as possible between them and the system calls.</summary>
internal sealed unsafe class XenstoreSocket : IDisposable
{
    private const int SolSocket = 1;
    private const int SoPeercred = 17;
    private const int SoRcvtimeo = 20;

    private readonly byte[] input = GC.AllocateUninitializedArray<byte>(32 * 1024, pinned: true);
    private int start;
    private int end;

    /// <summary>Connects.</summary>
    /// <param name="address">The daemon's socket.</param>
    /// <param name="timeoutSeconds">How long a message is waited for; without it a dead daemon is waited for, and a quiet one.</param>
    /// <exception cref="XenstoreSocketException">It cannot.</exception>
    public XenstoreSocket(UnixAddress address, int timeoutSeconds = 0)
    {
        Fd = Libc.socket(Libc.AfUnix, Libc.SockStream | Libc.SockCloexec, 0);
        if (Fd < 0) throw XenstoreSocketException.Of(Libc.Errno);
        var wait = stackalloc long[2] { timeoutSeconds, 0 };
        if (timeoutSeconds > 0) _ = Libc.setsockopt(Fd, SolSocket, SoRcvtimeo, (byte*)wait, 2 * sizeof(long));
        fixed (byte* bytes = address.Bytes)
        {
            if (Libc.connect(Fd, bytes, (uint)address.Bytes.Length) >= 0) return;
        }

        var error = Marshal.GetLastPInvokeError();
        Libc.close(Fd);
        throw XenstoreSocketException.Of(error);
    }

    public int Fd { get; }

    /// <summary>The header of the last message.</summary>
    public XsdSockmsg Header { get; private set; }

    /// <summary>The payload of the last message; valid until the next one is received.</summary>
    public ReadOnlySpan<byte> Payload => input.AsSpan(start - (int)Header.Len, (int)Header.Len);

    /// <summary>The daemon's process, as the kernel tells it.</summary>
    public int PeerProcess
    {
        get
        {
            var credentials = stackalloc int[3];
            uint length = 3 * sizeof(int);
            return Libc.getsockopt(Fd, SolSocket, SoPeercred, (byte*)credentials, &length) < 0 ? 0 : credentials[0];
        }
    }

    /// <summary>A request as bytes; <c>|</c> in the payload is a NUL.</summary>
    public static byte[] Request(XsWireType type, string payload, uint reqId = 1, uint txId = 0) =>
        Request(type, Encoding.Latin1.GetBytes(payload.Replace('|', '\0')), reqId, txId);

    public static byte[] Request(XsWireType type, ReadOnlySpan<byte> payload, uint reqId, uint txId)
    {
        var bytes = new byte[XsdSockmsg.SizeOf + payload.Length];
        new XsdSockmsg((uint)type, reqId, txId, (uint)payload.Length).WriteTo(bytes);
        payload.CopyTo(bytes.AsSpan(XsdSockmsg.SizeOf));
        return bytes;
    }

    /// <exception cref="XenstoreSocketException">The connection is lost.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint sent;
            fixed (byte* from = bytes) sent = Libc.send(Fd, from, (nuint)bytes.Length, Libc.MsgNosignal);
            if (sent >= 0) bytes = bytes[(int)sent..];
            else if (Marshal.GetLastPInvokeError() is not Libc.EINTR and var error) throw XenstoreSocketException.Of(error);
        }
    }

    /// <summary>Waits for the next message, an event or a reply.</summary>
    /// <exception cref="XenstoreSocketException">The connection is lost, or the time is over (EAGAIN).</exception>
    public XsWireType Receive()
    {
        Fill(XsdSockmsg.SizeOf);
        var header = XsdSockmsg.Read(input.AsSpan(start));
        if (header.Len > XenstoreLimits.PayloadMax) throw new XenstoreSocketException(0, $"no xenstore daemon: a reply of {header.Len} bytes");
        var length = XsdSockmsg.SizeOf + (int)header.Len;
        Fill(length);
        start += length;
        Header = header;
        return (XsWireType)header.Type;
    }

    public void Dispose() => Libc.close(Fd);

    private void Fill(int length)
    {
        if (input.Length - start < length + XenstoreLimits.PayloadMax)
        {
            input.AsSpan(start, end - start).CopyTo(input);
            (start, end) = (0, end - start);
        }

        while (end - start < length)
        {
            nint got;
            fixed (byte* to = input) got = Libc.recv(Fd, to + end, (nuint)(input.Length - end), 0);
            if (got == 0) throw XenstoreSocketException.Closed();
            if (got > 0) end += (int)got;
            else if (Marshal.GetLastPInvokeError() is not Libc.EINTR and var error) throw XenstoreSocketException.Of(error);
        }
    }
}
