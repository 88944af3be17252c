using XenActors.Live.Native;

namespace XenActors.Live.Xenstore;

/// <summary>One client: its descriptor, the beginning of a request that has not arrived in full, and what waits to be read by it.</summary>
internal sealed class ClientSocket(int id, int fd, BufferPool pool)
{
    /// <summary>What epoll watches for while the client is listened to.</summary>
    public const uint Reading = Epoll.In | Epoll.ReadHangUp;

    private byte[] rest = [];
    private int restLength;

    /// <summary>The core's and epoll's number of it.</summary>
    public int Id { get; } = id;

    public int Fd { get; } = fd;

    public OutputQueue Output { get; } = new(pool);

    /// <summary>Its part of the access log; null without one.</summary>
    public LoggedOutput? Logged { get; init; }

    /// <summary>Later clients have larger ones.</summary>
    public ulong Order { get; init; }

    /// <summary>It said what no client may say.</summary>
    public bool BrokeProtocol { get; set; }

    /// <summary>What epoll watches for.</summary>
    public uint Interest { get; set; } = Reading;

    /// <summary>There may be more to read, of which epoll will not speak again.</summary>
    public bool Unread { get; set; }

    /// <summary>It waits in the list of those that have more to be read.</summary>
    public bool Listed { get; set; }

    /// <summary>How many commits it is away from being free of taking turns; see <see cref="TransactionTurns"/>.</summary>
    public int Losses { get; set; }

    /// <summary>Its TRANSACTION_START waits for its turn, and all that it said after that.</summary>
    public bool Held { get; set; }

    public long HeldSince { get; set; }

    /// <summary>No more is read or handled until it reads its replies.</summary>
    public bool Paused { get; set; }

    /// <summary>It will say nothing more, and is closed when it has been answered.</summary>
    public bool Ended { get; set; }

    /// <summary>It will be closed when the current step is over; what it would be told is dropped.</summary>
    public bool Doomed { get; set; }

    /// <summary>It waits in the list of those to send to.</summary>
    public bool Dirty { get; set; }

    /// <summary>Copies what has been kept to the front of a buffer and forgets it.</summary>
    public int TakeRest(Span<byte> to)
    {
        var length = restLength;
        if (length == 0) return 0;
        rest.AsSpan(0, length).CopyTo(to);
        pool.Return(rest);
        (rest, restLength) = ([], 0);
        return length;
    }

    public void KeepRest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        rest = pool.Rent(bytes.Length);
        bytes.CopyTo(rest);
        restLength = bytes.Length;
    }

    public void Release()
    {
        if (rest.Length > 0) pool.Return(rest);
        (rest, restLength) = ([], 0);
        Output.Release();
    }
}
