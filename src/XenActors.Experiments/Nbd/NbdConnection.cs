using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace XenActors.Experiments.Nbd;

/// <summary>
/// A client of an NBD server on a Unix socket: one request at a time, each answered before the next. What the server says against the protocol, or
/// when it is gone, is an <see cref="IOException"/>, and the connection is of no use any more.
/// </summary>
public sealed class NbdConnection : IDisposable
{
    private const uint StepMax = 1 << 30;

    private readonly Socket _socket;
    private readonly byte[] _head = new byte[NbdWire.RequestSize];
    private ulong _cookie;

    private NbdConnection(Socket socket) => _socket = socket;

    /// <summary>Bytes.</summary>
    public ulong Size { get; private set; }

    public NbdTransmissionFlags Flags { get; private set; }

    /// <summary>Where requests begin and end, in bytes.</summary>
    public uint BlockSizeMin { get; private set; } = 1;

    /// <summary>A server and one of its exports.</summary>
    /// <exception cref="IOException">There is no such server or export, or it does not keep to the protocol.</exception>
    public static NbdConnection Open(string path, string export = "")
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            var connection = new NbdConnection(socket);
            connection.Haggle(Encoding.UTF8.GetBytes(export));
            return connection;
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            throw new IOException(cause.Message, cause);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public NbdError Read(ulong offset, Span<byte> data)
    {
        while (data.Length > 0)
        {
            var step = data[..Math.Min(data.Length, NbdWire.PayloadMax)];
            Request(NbdCommandFlags.None, NbdCommand.Read, offset, (uint)step.Length, []);
            if (Reply() is not NbdError.None and var error)
            {
                return error;
            }

            Receive(step);
            data = data[step.Length..];
            offset += (ulong)step.Length;
        }

        return NbdError.None;
    }

    public NbdError Write(ulong offset, ReadOnlySpan<byte> data, NbdCommandFlags flags = NbdCommandFlags.None)
    {
        while (data.Length > 0)
        {
            var step = data[..Math.Min(data.Length, NbdWire.PayloadMax)];
            Request(flags, NbdCommand.Write, offset, (uint)step.Length, step);
            if (Reply() is not NbdError.None and var error)
            {
                return error;
            }

            data = data[step.Length..];
            offset += (ulong)step.Length;
        }

        return NbdError.None;
    }

    public NbdError Flush()
    {
        Request(NbdCommandFlags.None, NbdCommand.Flush, 0, 0, []);
        return Reply();
    }

    public NbdError Trim(ulong offset, ulong length) => Effect(NbdCommandFlags.None, NbdCommand.Trim, offset, length);

    public NbdError WriteZeroes(ulong offset, ulong length, NbdCommandFlags flags = NbdCommandFlags.None) => Effect(flags, NbdCommand.WriteZeroes, offset, length);

    /// <summary>Tells the server that this is the end, and waits until it has gone, too.</summary>
    public void Disconnect()
    {
        Request(NbdCommandFlags.None, NbdCommand.Disc, 0, 0, []);
        try
        {
            if (_socket.Receive(_head) > 0)
            {
                throw new IOException("the server answers a disconnect");
            }
        }
        catch (SocketException cause)
        {
            throw new IOException(cause.Message, cause);
        }
    }

    public void Dispose() => _socket.Dispose();

    private NbdError Effect(NbdCommandFlags flags, NbdCommand command, ulong offset, ulong length)
    {
        while (length > 0)
        {
            var step = (uint)Math.Min(length, StepMax);
            Request(flags, command, offset, step, []);
            if (Reply() is not NbdError.None and var error)
            {
                return error;
            }

            length -= step;
            offset += step;
        }

        return NbdError.None;
    }

    private void Haggle(byte[] export)
    {
        var greeting = new byte[NbdWire.GreetingSize];
        Receive(greeting);
        if (BinaryPrimitives.ReadUInt64BigEndian(greeting) != NbdWire.Magic || BinaryPrimitives.ReadUInt64BigEndian(greeting.AsSpan(8)) != NbdWire.OptionMagic)
        {
            throw new IOException("no NBD server, or one of the old style");
        }

        var offered = (NbdHandshakeFlags)BinaryPrimitives.ReadUInt16BigEndian(greeting.AsSpan(16));
        if (!offered.HasFlag(NbdHandshakeFlags.FixedNewstyle))
        {
            throw new IOException("an NBD server without fixed newstyle");
        }

        // Flags, then GO with one wish.
        var ask = new byte[NbdWire.ClientFlagsSize + NbdWire.OptionSize + 8 + export.Length];
        BinaryPrimitives.WriteUInt32BigEndian(ask, (uint)NbdClientFlags.FixedNewstyle);
        var go = ask.AsSpan(NbdWire.ClientFlagsSize);
        BinaryPrimitives.WriteUInt64BigEndian(go, NbdWire.OptionMagic);
        BinaryPrimitives.WriteUInt32BigEndian(go[8..], (uint)NbdOption.Go);
        BinaryPrimitives.WriteUInt32BigEndian(go[12..], 8 + (uint)export.Length);
        BinaryPrimitives.WriteUInt32BigEndian(go[16..], (uint)export.Length);
        export.CopyTo(go[20..]);
        BinaryPrimitives.WriteUInt16BigEndian(go[(20 + export.Length)..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(go[(22 + export.Length)..], (ushort)NbdInfo.BlockSize);
        Send(ask);
        while (TakeAnswer())
        {
        }

        if (!Flags.HasFlag(NbdTransmissionFlags.HasFlags))
        {
            throw new IOException("the server says nothing of its export");
        }
    }

    // True while more answers to GO will come.
    private bool TakeAnswer()
    {
        var head = new byte[NbdWire.OptionReplySize];
        Receive(head);
        var type = (NbdOptionReply)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(12));
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(16));
        if (BinaryPrimitives.ReadUInt64BigEndian(head) != NbdWire.OptionReplyMagic || length > 16 * NbdWire.StringMax)
        {
            throw new IOException("the server's answer is none");
        }

        var data = new byte[length];
        Receive(data);
        if (type == NbdOptionReply.Ack)
        {
            return false;
        }

        if (type != NbdOptionReply.Info || length < 2)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the server refuses its export: {type} {Encoding.UTF8.GetString(data)}"));
        }

        switch ((NbdInfo)BinaryPrimitives.ReadUInt16BigEndian(data))
        {
            case NbdInfo.Export when length == 12:
                Size = BinaryPrimitives.ReadUInt64BigEndian(data.AsSpan(2));
                Flags = (NbdTransmissionFlags)BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(10));
                break;
            case NbdInfo.BlockSize when length == 14:
                BlockSizeMin = Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(2)));
                break;
        }

        return true;
    }

    private void Request(NbdCommandFlags flags, NbdCommand command, ulong offset, uint length, ReadOnlySpan<byte> payload)
    {
        new NbdRequestHeader(flags, command, ++_cookie, offset, length).WriteTo(_head);
        Send(_head);
        Send(payload);
    }

    private NbdError Reply()
    {
        var head = _head.AsSpan(0, NbdWire.SimpleReplySize);
        Receive(head);
        return BinaryPrimitives.ReadUInt32BigEndian(head) == NbdWire.SimpleReplyMagic && BinaryPrimitives.ReadUInt64BigEndian(head[8..]) == _cookie
            ? (NbdError)BinaryPrimitives.ReadUInt32BigEndian(head[4..])
            : throw new IOException("the server's reply is none");
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (SocketException cause)
        {
            throw new IOException(cause.Message, cause);
        }
    }

    private void Receive(Span<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var got = _socket.Receive(bytes);
                bytes = got > 0 ? bytes[got..] : throw new IOException("the server has gone");
            }
        }
        catch (SocketException cause)
        {
            throw new IOException(cause.Message, cause);
        }
    }
}
