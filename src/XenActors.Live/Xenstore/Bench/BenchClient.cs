using System.Runtime.InteropServices;
using System.Text;
using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>A connection to a daemon that waits for what it asked, with as little between it and the system calls as possible. Requests are built once and sent often.</summary>
internal sealed unsafe class BenchClient : IDisposable
{
    public const int TimeoutSeconds = 30;

    private const int InputSize = 32 * 1024;
    private const int SolSocket = 1;
    private const int SoPeercred = 17;
    private const int SoRcvtimeo = 20;

    /// <summary>
    /// How long a client looks for an answer before it sleeps. To be woken can cost more than all that a daemon does for a request, and
    /// differs from moment to moment; the benchmark is not to measure itself.
    /// </summary>
    public const int AwakeMicroseconds = 200;

    private readonly int fd;
    private readonly string path;
    private readonly byte[] input = GC.AllocateUninitializedArray<byte>(InputSize);
    private int start;
    private int end;

    public BenchClient(UnixAddress address)
    {
        path = address.Path;
        fd = Libc.socket(Libc.AfUnix, Libc.SockStream | Libc.SockCloexec, 0);
        if (fd < 0) throw Broken(Libc.Errno);
        var wait = stackalloc long[2] { TimeoutSeconds, 0 };
        _ = Libc.setsockopt(fd, SolSocket, SoRcvtimeo, (byte*)wait, 2 * sizeof(long)); // without it a dead daemon is waited for
        fixed (byte* bytes = address.Bytes)
        {
            if (Libc.connect(fd, bytes, (uint)address.Bytes.Length) >= 0) return;
        }

        var error = Marshal.GetLastPInvokeError();
        Libc.close(fd);
        throw Broken(error);
    }

    public int Descriptor => fd;

    /// <summary>The number of the transaction that its user has open.</summary>
    public uint Transaction { get; set; }

    /// <summary>The payload of the last reply; valid until the next one is received.</summary>
    public ReadOnlySpan<byte> Payload => input.AsSpan(start - payloadLength, payloadLength);

    private int payloadLength;

    /// <summary>The daemon's process, as the kernel tells it.</summary>
    public int PeerProcess
    {
        get
        {
            var credentials = stackalloc int[3];
            uint length = 3 * sizeof(int);
            return Libc.getsockopt(fd, SolSocket, SoPeercred, (byte*)credentials, &length) < 0 ? 0 : credentials[0];
        }
    }

    /// <summary>A request as bytes; <c>|</c> in the payload is a NUL.</summary>
    public static byte[] Request(XsWireType type, string payload, uint txId = 0)
    {
        var bytes = new byte[XsdSockmsg.SizeOf + payload.Length];
        new XsdSockmsg((uint)type, 1, txId, (uint)payload.Length).WriteTo(bytes);
        Encoding.Latin1.GetBytes(payload.Replace('|', '\0'), bytes.AsSpan(XsdSockmsg.SizeOf));
        return bytes;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint sent;
            fixed (byte* from = bytes) sent = DirectCalls.Send(fd, from, (nuint)bytes.Length);
            if (sent < 0) sent = Libc.Errno == Libc.EAGAIN ? SendAsleep(bytes) : throw Broken(Libc.Errno);
            bytes = bytes[(int)sent..];
        }
    }

    /// <summary>The next message, an event or a reply.</summary>
    public XsWireType Receive()
    {
        Fill(XsdSockmsg.SizeOf);
        var header = XsdSockmsg.Read(input.AsSpan(start));
        if (header.Len > XenstoreLimits.PayloadMax) throw new UserErrorException($"{path}: no xenstore daemon: a reply of {header.Len} bytes");
        payloadLength = (int)header.Len;
        Fill(XsdSockmsg.SizeOf + payloadLength);
        start += XsdSockmsg.SizeOf + payloadLength;
        return (XsWireType)header.Type;
    }

    /// <summary>Sends a request and takes its reply; true unless that is an error.</summary>
    public bool Ask(ReadOnlySpan<byte> request)
    {
        Send(request);
        return TakeReply() != XsWireType.Error;
    }

    /// <summary>The next reply; the events before it are passed over.</summary>
    public XsWireType TakeReply()
    {
        XsWireType type;
        do type = Receive();
        while (type == XsWireType.WatchEvent);
        return type;
    }

    /// <summary>Asks for something that works on every daemon.</summary>
    public void Demand(ReadOnlySpan<byte> request)
    {
        Send(request);
        DemandReply();
    }

    /// <summary>Takes the reply to something that works on every daemon.</summary>
    public void DemandReply()
    {
        if (TakeReply() == XsWireType.Error) throw new UserErrorException($"{path}: the daemon refused a request of the load: {Encoding.Latin1.GetString(Payload).TrimEnd('\0')}");
    }

    public void Demand(XsWireType type, string payload) => Demand(Request(type, payload));

    public void Dispose() => Libc.close(fd);

    /// <summary>The mistake to throw when the daemon does not answer in time.</summary>
    public UserErrorException Silent() => Broken(Libc.EAGAIN);

    private void Fill(int length)
    {
        if (input.Length - start < length + XenstoreLimits.PayloadMax)
        {
            input.AsSpan(start, end - start).CopyTo(input);
            (start, end) = (0, end - start);
        }

        while (end - start < length)
        {
            var got = Poll();
            if (got == -Libc.EAGAIN) got = Sleep();
            if (got == 0) throw new UserErrorException($"{path}: the daemon closed the connection");
            if (got < 0) throw Broken((int)-got);
            end += (int)got;
        }

        if (start == end) (start, end) = (0, 0);
    }

    // How much has come, or the error's number below zero; EAGAIN after a while.
    private nint Poll()
    {
        var got = Look();
        if (got != -Libc.EAGAIN) return got;
        for (var vigil = new Vigil(AwakeMicroseconds); got == -Libc.EAGAIN && vigil.GoesOn();) got = Look();
        return got;
    }

    private nint Look()
    {
        nint got;
        fixed (byte* to = input) got = DirectCalls.Receive(fd, to + end, (nuint)(input.Length - end));
        return got >= 0 ? got : -Libc.Errno;
    }

    // The daemon does not read: only then is a call worth its price that lets others of this process run meanwhile.
    private nint SendAsleep(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            var sent = Libc.send(fd, from, (nuint)bytes.Length, Libc.MsgNosignal);
            return sent >= 0 ? sent : throw Broken(Marshal.GetLastPInvokeError());
        }
    }

    private nint Sleep()
    {
        nint got;
        fixed (byte* to = input) got = Libc.recv(fd, to + end, (nuint)(input.Length - end), 0);
        return got < 0 ? -Marshal.GetLastPInvokeError() : got;
    }

    private UserErrorException Broken(int error) =>
        new($"{path}: {(error == Libc.EAGAIN ? $"no reply within {TimeoutSeconds} s" : Marshal.GetPInvokeErrorMessage(error))}");
}
