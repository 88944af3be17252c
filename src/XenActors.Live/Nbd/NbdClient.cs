using System.Buffers;
using XenActors.Experiments.Nbd;
using XenActors.Live.Native;

namespace XenActors.Live.Nbd;

/// <summary>One connection: what has arrived of the next message, what is on its way, and what waits to be read.</summary>
internal sealed class NbdClient(int id, int fd, NbdListener listener, long since, NbdOutput output)
{
    private byte[] rest = [];
    private int restLength;
    private NbdRequest? latest;
    private NbdExport? changed;

    public int Id { get; } = id;

    public int Fd { get; } = fd;

    public NbdListener Listener { get; } = listener;

    /// <summary>When it came, by the server's clock.</summary>
    public long Since { get; } = since;

    public NbdOutput Output { get; } = output;

    /// <summary>Its handshake.</summary>
    public required NbdHaggling Haggling { get; init; }

    /// <summary>What it has chosen, as it is now: the guest's disk may have another size than the client was told.</summary>
    public NbdExport? Export => changed ?? Haggling.Export;

    public bool Structured => Haggling.Structured;

    public NbdStage Stage => Haggling.Stage;

    /// <summary>A write whose payload has not arrived in full.</summary>
    public NbdRequest? Arriving { get; set; }

    /// <summary>How much of that payload is there.</summary>
    public int Arrived { get; set; }

    /// <summary>The payload of a refused write that is still to be passed over.</summary>
    public uint ToSkip { get; set; }

    /// <summary>The refused write, answered when its payload has passed.</summary>
    public (ulong Cookie, NbdError Error) Refused { get; set; }

    /// <summary>Requests that the backend has, and the bytes that they hold or will bring.</summary>
    public int InFlight { get; private set; }

    public long InFlightBytes { get; private set; }

    /// <summary>The requests that the backend has, the latest first.</summary>
    public IEnumerable<NbdRequest> Unanswered
    {
        get
        {
            for (var request = latest; request is not null; request = request.Earlier) yield return request;
        }
    }

    /// <summary>What epoll watches for.</summary>
    public uint Interest { get; set; } = Epoll.In;

    /// <summary>Nothing more is read from it until something of its is done.</summary>
    public bool Paused { get; set; }

    /// <summary>It has said its last word; it is closed when it has been answered.</summary>
    public bool Ended { get; set; }

    /// <summary>It is not there any more.</summary>
    public bool HungUp { get; set; }

    /// <summary>Something that it wrote has been answered and not been flushed since.</summary>
    public bool Unflushed { get; set; }

    /// <summary>It will be closed when the current step is over.</summary>
    public bool Doomed { get; set; }

    /// <summary>It waits in the list of those to send to.</summary>
    public bool Dirty { get; set; }

    /// <summary>The export that it has chosen is another now, under the same name. The protocol has no word for that; later requests are measured by it.</summary>
    public void Change(IReadOnlyList<NbdExport> exports)
    {
        if (Export is null) return;
        foreach (var export in exports)
        {
            if (export.Name == Export.Name) changed = export;
        }
    }

    /// <summary>The backend is given a request.</summary>
    public void Remember(NbdRequest request)
    {
        InFlight++;
        InFlightBytes += request.Payload;
        request.Earlier = latest;
        if (latest is not null) latest.Later = request;
        latest = request;
    }

    /// <summary>The backend is done with it.</summary>
    public void Forget(NbdRequest request)
    {
        InFlight--;
        InFlightBytes -= request.Payload;
        if (request.Later is null) latest = request.Earlier;
        else request.Later.Earlier = request.Earlier;
        if (request.Earlier is not null) request.Earlier.Later = request.Later;
    }

    /// <summary>Copies what has been kept to the front of a buffer and forgets it.</summary>
    public int TakeRest(Span<byte> to)
    {
        var length = restLength;
        if (length == 0) return 0;
        rest.AsSpan(0, length).CopyTo(to);
        ArrayPool<byte>.Shared.Return(rest);
        (rest, restLength) = ([], 0);
        return length;
    }

    public void KeepRest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        rest = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rest);
        restLength = bytes.Length;
    }

    public void Release()
    {
        if (rest.Length > 0) ArrayPool<byte>.Shared.Return(rest);
        (rest, restLength, Arriving) = ([], 0, null);
        Output.Release();
    }
}
