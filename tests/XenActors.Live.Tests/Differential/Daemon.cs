using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Tests.Live.Differential;

/// <summary>
/// A running xenstored with its directory of rings, states and event channels (tests/xspeer/README.md): clients for sequences, and a tool that
/// cleans up between them, so that one daemon serves many.
/// </summary>
internal sealed class Daemon : IDisposable
{
    private const uint VirqDomExc = 3;
    private const uint FirstGuestPort = 64;
    private const uint BarrierReqId = 0xffff_0000;

    private static readonly uint[] Domids = [.. Who.Guests.Select(g => (uint)g.Domid), Sequences.Bystander];
    private static readonly string[] Quotas =
        ["nodes|1000", "watches|128", "transactions|10", "outstanding|20", "transaction-nodes|1024", "memory|2621440", "node-size|2048", "path-max|2048", "permissions|5"];

    private readonly string directory;
    private readonly string socket;
    private readonly int events;
    private readonly IDaemonClient admin;
    private readonly Dictionary<int, IDaemonClient> clients = [];
    private readonly byte[] header = new byte[XsdSockmsg.SizeOf];
    private readonly byte[] message = new byte[XsdSockmsg.SizeOf + XenstoreLimits.PayloadMax];

    /// <summary>Takes a daemon that listens.</summary>
    public Daemon(string name, string directory, string socket)
    {
        Name = name;
        this.directory = directory;
        this.socket = socket;
        admin = new SocketClient(socket);
        AskAdmin(XsWireType.GetDomainPath, "0\0"); // it is up: the pipe is made
        events = PosixFile.OpenFifo(Path.Combine(directory, "evtchn"));
        foreach (var guest in Who.Guests)
        {
            clients.Add(guest.Number, new RingClient(directory, guest.Domid, () => PosixFile.Write(events, FirstGuestPort + guest.Domid)));
        }
    }

    /// <summary>Written once more as a sequence begins, so that the nodes that are there have the same ages everywhere; the last says how old.</summary>
    public static readonly IReadOnlyList<string> FirstNodes = ["/", "/tool", "/tool/xenstored"];

    public string Name { get; }

    /// <summary>What to subtract from this daemon's generations to get the model's.</summary>
    public ulong GenerationOffset { get; private set; }

    /// <summary>Opens the sockets of a sequence; the model is at the same generation as this daemon then.</summary>
    public void Begin(ulong generationOfModel)
    {
        foreach (var who in Who.Sockets) Open(who);
        foreach (var path in FirstNodes) ExpectDone(XsWireType.Write, $"{path}\0");
        var part = AskAdmin(XsWireType.DirectoryPart, $"{FirstNodes[^1]}\00\0");
        GenerationOffset = unchecked(KnownDifferences.GenerationOf(part) - generationOfModel); // either may be ahead
    }

    /// <summary>Begins a step; it may still be under way when this returns.</summary>
    public void Start(Step step, uint reqId)
    {
        switch (step)
        {
            case Ask ask:
                if (KnownDifferences.NeedsErrno(step)) AskAdmin(XsWireType.Read, "/tool/missing\0");
                Send(clients[ask.Who.Number], ask.Type, reqId, ask.Tx, ask.Payload);
                break;
            case Reconnect reconnect:
                clients[reconnect.Who.Number].Dispose();
                Open(reconnect.Who);
                break;
            case Turn turn:
                SetLife(turn.Domid, turn.Life);
                break;
            case Virq:
                PosixFile.Write(events, VirqDomExc);
                break;
        }
    }

    /// <summary>Waits until a step that no client asked for has been done.</summary>
    public void Finish(Step step)
    {
        if (step is Virq) AwaitEvents();
    }

    /// <summary>All that a client is told up to its reply.</summary>
    public void ReadReply(Who who, List<WireText> told) => ReadReply(clients[who.Number], told);

    /// <summary>All that a client was told and has not read yet.</summary>
    public void ReadRest(Who who, List<WireText> told)
    {
        Send(clients[who.Number], XsWireType.GetDomainPath, BarrierReqId, 0, "0\0");
        ReadReply(clients[who.Number], told);
        if (told[^1].ReqId != BarrierReqId) throw new DaemonException($"a reply that nobody asked for: {told[^1]}");
        told.RemoveAt(told.Count - 1);
    }

    /// <summary>Removes all that a sequence left.</summary>
    public void CleanUp(bool quotasWereSet)
    {
        foreach (var who in Who.Sockets)
        {
            if (clients.Remove(who.Number, out var client)) client.Dispose();
        }

        foreach (var domid in Domids) SetLife(domid, DomainLife.Gone);
        PosixFile.Write(events, VirqDomExc);
        AwaitEvents();
        foreach (var domid in Domids)
        {
            SetLife(domid, DomainLife.Running);
            if (AskAdmin(XsWireType.IsDomainIntroduced, $"{domid}\0") != "F\0") throw new DaemonException($"cleaning up: domain {domid} is still introduced");
        }

        List<(XsWireType Type, string Payload)> requests =
        [
            (XsWireType.SetPerms, "@introduceDomain\0n0\0"), (XsWireType.SetPerms, "@releaseDomain\0n0\0"),
            (XsWireType.SetPerms, "/\0n0\0"), (XsWireType.Write, "/\0"),
        ];
        if (quotasWereSet) requests.InsertRange(0, Quotas.Select(quota => (XsWireType.Control, $"quota\0set\0{quota.Replace('|', '\0')}\0")));
        foreach (var (type, payload) in requests) ExpectDone(type, payload);
        foreach (var name in AskAdmin(XsWireType.Directory, "/\0").Split('\0', StringSplitOptions.RemoveEmptyEntries)) ExpectDone(XsWireType.Rm, $"/{name}\0");
        ExpectDone(XsWireType.Mkdir, "/tool/xenstored\0");
    }

    public void Dispose()
    {
        foreach (var client in clients.Values) client.Dispose();
        admin.Dispose();
        PosixFile.Close(events);
    }

    private void Open(Who who)
    {
        clients[who.Number] = new SocketClient(socket);
        ReadRest(who, []); // in the daemon's list now
    }

    private void SetLife(uint domid, DomainLife life)
    {
        var file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"dom{domid}.state"));
        if (life == DomainLife.Running) File.Delete(file);
        else File.WriteAllText(file, life.ToString().ToLowerInvariant());
    }

    // The daemon takes one event a round: when the last is taken and one more request is answered, all have had their effect.
    private void AwaitEvents()
    {
        while (PosixFile.Waiting(events) > 0) AskAdmin(XsWireType.GetDomainPath, "0\0");
        AskAdmin(XsWireType.GetDomainPath, "0\0");
    }

    private void ExpectDone(XsWireType type, string payload)
    {
        if (AskAdmin(type, payload) is var answer and not "OK\0") throw new DaemonException($"cleaning up, {type} {WireText.Show(payload)}: {WireText.Show(answer)}");
    }

    private string AskAdmin(XsWireType type, string payload)
    {
        List<WireText> told = [];
        Send(admin, type, BarrierReqId, 0, payload);
        ReadReply(admin, told);
        return told[^1].Payload;
    }

    private void Send(IDaemonClient client, XsWireType type, uint reqId, uint txId, string payload)
    {
        new XsdSockmsg((uint)type, reqId, txId, (uint)payload.Length).WriteTo(message);
        Encoding.Latin1.GetBytes(payload, message.AsSpan(XsdSockmsg.SizeOf));
        client.Send(message.AsSpan(0, XsdSockmsg.SizeOf + payload.Length));
    }

    private void ReadReply(IDaemonClient client, List<WireText> told)
    {
        do
        {
            client.Receive(header);
            var fields = XsdSockmsg.Read(header);
            if (fields.Len > XenstoreLimits.PayloadMax) throw new DaemonException("a message that is too long");
            var payload = message.AsSpan(0, (int)fields.Len);
            client.Receive(payload);
            told.Add(new((XsWireType)fields.Type, fields.ReqId, fields.TxId, Encoding.Latin1.GetString(payload)));
        }
        while (told[^1].Type == XsWireType.WatchEvent);
    }
}
