using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using XenActors.Experiments.Nbd;
using XenActors.Live.Nbd;

namespace XenActors.Tests.Live.Nbd;

/// <summary>An answer to an option.</summary>
internal sealed record NbdAnswer(NbdOption Option, NbdOptionReply Type, byte[] Data)
{
    public string Text => Encoding.UTF8.GetString(Data);
}

/// <summary>A reply to a request, simple or of one chunk.</summary>
internal sealed record NbdReply(ulong Cookie, NbdError Error, byte[] Data, NbdReplyType? Chunk);

/// <summary>A client that says what it is told to, also what no client should.</summary>
internal sealed class NbdClientSocket : IDisposable
{
    public NbdClientSocket(NbdAddress address)
    {
        var unix = address.Path.Length > 0;
        Socket = new Socket(unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000, SendTimeout = 30_000 };
        Socket.Connect(unix ? new UnixDomainSocketEndPoint(address.Path) : new IPEndPoint(IPAddress.Loopback, address.Port));
    }

    public Socket Socket { get; }

    public bool Structured { get; private set; }

    public static byte[] Option(NbdOption option, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[NbdWire.OptionSize + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, NbdWire.OptionMagic);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), (uint)data.Length);
        data.CopyTo(bytes.AsSpan(16));
        return bytes;
    }

    public static byte[] InfoData(string name, params NbdInfo[] wishes)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        var data = new byte[6 + length + 2 * wishes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(data, (uint)length);
        Encoding.UTF8.GetBytes(name, data.AsSpan(4));
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(4 + length), (ushort)wishes.Length);
        for (var i = 0; i < wishes.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(6 + length + 2 * i), (ushort)wishes[i]);
        return data;
    }

    public static byte[] Request(NbdCommand command, ulong cookie, ulong offset, uint length, NbdCommandFlags flags = NbdCommandFlags.None, byte[]? payload = null)
    {
        var bytes = new byte[NbdWire.RequestSize + (payload?.Length ?? 0)];
        new NbdRequestHeader(flags, command, cookie, offset, length).WriteTo(bytes);
        payload?.CopyTo(bytes, NbdWire.RequestSize);
        return bytes;
    }

    /// <summary>Reads the server's greeting and answers it.</summary>
    public void Shake(NbdClientFlags flags = NbdClientFlags.FixedNewstyle | NbdClientFlags.NoZeroes)
    {
        var greeting = Receive(NbdWire.GreetingSize);
        Assert.Equal("NBDMAGICIHAVEOPT", Encoding.ASCII.GetString(greeting, 0, 16));
        Assert.Equal([0, 3], greeting[16..]);
        var answer = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(answer, (uint)flags);
        Send(answer);
    }

    public void Go(bool structured)
    {
        Shake();
        if (structured) Assert.Equal(NbdOptionReply.Ack, Ask(NbdOption.StructuredReply, []).Single().Type);
        Structured = structured;
        Assert.Equal(NbdOptionReply.Ack, Ask(NbdOption.Go, InfoData("")).Last().Type);
    }

    /// <summary>All answers to an option.</summary>
    public List<NbdAnswer> Ask(NbdOption option, ReadOnlySpan<byte> data)
    {
        Send(Option(option, data));
        return Answers();
    }

    public List<NbdAnswer> Answers()
    {
        var answers = new List<NbdAnswer>();
        while (true)
        {
            var head = Receive(NbdWire.OptionReplySize);
            Assert.Equal(NbdWire.OptionReplyMagic, BinaryPrimitives.ReadUInt64BigEndian(head));
            var type = (NbdOptionReply)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(12));
            answers.Add(new((NbdOption)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8)), type, Receive((int)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(16)))));
            if (type == NbdOptionReply.Ack || (uint)type >> 31 == 1) return answers;
        }
    }

    public NbdReply Ask(NbdCommand command, ulong offset, uint length, NbdCommandFlags flags = NbdCommandFlags.None, byte[]? payload = null)
    {
        var cookie = (ulong)Random.Shared.NextInt64();
        Send(Request(command, cookie, offset, length, flags, payload));
        var reply = Reply(command == NbdCommand.Read ? length : 0);
        Assert.Equal(cookie, reply.Cookie);
        return reply;
    }

    public byte[] Read(ulong offset, uint length)
    {
        var reply = Ask(NbdCommand.Read, offset, length);
        Assert.Equal(NbdError.None, reply.Error);
        return reply.Data;
    }

    public void Write(ulong offset, byte[] data) => Assert.Equal(NbdError.None, Ask(NbdCommand.Write, offset, (uint)data.Length, payload: data).Error);

    /// <summary>The next reply; a simple one brings so many bytes when it is no error.</summary>
    public NbdReply Reply(uint length)
    {
        if (!Structured)
        {
            var simple = Receive(NbdWire.SimpleReplySize);
            Assert.Equal(NbdWire.SimpleReplyMagic, BinaryPrimitives.ReadUInt32BigEndian(simple));
            var error = (NbdError)BinaryPrimitives.ReadUInt32BigEndian(simple.AsSpan(4));
            return new(BinaryPrimitives.ReadUInt64BigEndian(simple.AsSpan(8)), error, error == NbdError.None ? Receive((int)length) : [], null);
        }

        var head = Receive(NbdWire.StructuredReplySize);
        Assert.Equal(NbdWire.StructuredReplyMagic, BinaryPrimitives.ReadUInt32BigEndian(head));
        Assert.Equal((ushort)NbdReplyFlags.Done, BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(4)));
        var type = (NbdReplyType)BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(6));
        var payload = Receive((int)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(16)));
        var cookie = BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(8));
        return type == NbdReplyType.Error
            ? new(cookie, (NbdError)BinaryPrimitives.ReadUInt32BigEndian(payload), [], type)
            : new(cookie, NbdError.None, type == NbdReplyType.OffsetData ? payload[8..] : payload, type);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[Socket.Send(bytes)..];
    }

    public byte[] Receive(int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var got = Socket.Receive(bytes, at, length - at, SocketFlags.None);
            Assert.True(got > 0, "the server has closed the connection");
            at += got;
        }

        return bytes;
    }

    /// <summary>Whether the server has closed the connection, once it has said all.</summary>
    public bool IsLeft()
    {
        try
        {
            return Socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return true;
        }
    }

    public void Dispose() => Socket.Dispose();
}
