using System.Globalization;
using System.Text;
using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>One pass of a trace over a store that begins as is known. The trace leaves out transaction ids: what a connection asks while it has a transaction open belongs to that.</summary>
internal sealed class TraceRun : IXenstoreOutput
{
    private readonly XenstoreCore core = new();
    private readonly TraceBeginning beginning;
    private readonly SortedDictionary<string, TracePeer> peers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, TracePeer> byConn = [];
    private ushort introducing;
    private uint requests;
    private int replies;
    private int events;
    private int olderEvents;
    private TraceDifference? difference;

    public TraceRun(TraceBeginning beginning)
    {
        this.beginning = beginning;
        var setup = core.Connect(0);
        foreach (var domid in beginning.Introduced) Do(setup, XsWireType.Introduce, string.Create(CultureInfo.InvariantCulture, $"{domid}\01\01\0"));
        foreach (var (path, value, permissions) in beginning.Nodes())
        {
            Do(setup, XsWireType.Write, $"{path}\0{value}");
            Do(setup, XsWireType.SetPerms, $"{path}\0{string.Join('\0', permissions)}\0");
        }

        core.Disconnect(setup);
        foreach (var (connection, path, token) in beginning.Watches) Do(Peer(connection, true).Conn, XsWireType.Watch, $"{path}\0{token}\0");
        foreach (var peer in byConn.Values) peer.Said.Clear();
    }

    /// <summary>The node that the difference is about.</summary>
    public string? DifferentPath { get; private set; }

    /// <summary>The difference is an event that the store did not send.</summary>
    public bool MissingEvent { get; private set; }

    /// <summary>The difference is an event that the trace does not have.</summary>
    public bool ExtraEvent { get; private set; }

    /// <summary>It is a guest's connection that differs.</summary>
    public bool DifferentForGuest { get; private set; }

    public string? ExpectedError { get; private set; }

    public string? FoundError { get; private set; }

    /// <summary>Writes in transactions that are open or were given up: nobody else sees them.</summary>
    public List<(int Line, string Path, TracePeer Peer)> Unseen { get; } = [];

    /// <summary>What requests have removed, and nodes above it.</summary>
    public RemovedPaths Removed { get; } = new();

    /// <summary>Goes through the trace to its end or to the first difference.</summary>
    public TraceOutcome Through(IReadOnlyList<TraceEntry> trace)
    {
        for (var i = 0; i < trace.Count && difference is null; i++) Step(trace, i);
        return new(difference, replies, events, olderEvents, core);
    }

    void IXenstoreOutput.Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        if (byConn.TryGetValue(conn, out var peer)) peer.Said.Add(new(type, Text(payload)));
    }

    void IXenstoreOutput.WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        if (byConn.TryGetValue(conn, out var peer)) peer.Said.Add(new(XsWireType.WatchEvent, $"{Text(path)} {Text(token)} "));
    }

    // What the trace has not sent yet waits: the daemon does not queue it twice.
    bool IXenstoreOutput.IsPending(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        var text = $"{Text(path)} {Text(token)} ";
        if (!byConn.TryGetValue(conn, out var peer) || peer.Said.Find(s => s.IsEvent && s.Text == text) is not { } waiting) return false;
        waiting.Again++;
        return true;
    }

    private static string Text(ReadOnlySpan<byte> payload) => Encoding.Latin1.GetString(payload).Replace('\0', ' ');

    private void Do(int conn, XsWireType type, string payload) => core.Handle(conn, type, ++requests, 0, Encoding.Latin1.GetBytes(payload), this);

    private void Step(IReadOnlyList<TraceEntry> trace, int at)
    {
        var entry = trace[at];
        switch (entry.Kind)
        {
            case TraceKind.Created:
                End(entry.Connection);
                Peer(entry.Connection, false);
                break;
            case TraceKind.Destroyed:
                End(entry.Connection);
                break;
            case TraceKind.Ignored:
                if (peers.TryGetValue(entry.Connection, out var ignored)) core.Disconnect(ignored.Conn);
                break;
            case TraceKind.In:
                Request(trace, at);
                break;
            default:
                if (entry.IsReply) introducing = 0;
                if (entry.IsReply) CompareReply(entry);
                else CompareEvent(entry);
                break;
        }
    }

    private TracePeer Peer(string connection, bool older)
    {
        if (peers.TryGetValue(connection, out var peer)) return peer;
        var domid = older ? beginning.Domains.GetValueOrDefault(connection) : introducing;
        peer = new(core.Connect(domid), domid, older);
        peers.Add(connection, peer);
        byConn.Add(peer.Conn, peer);
        return peer;
    }

    // A domain's connection that ends without RELEASE says that the domain has.
    private void End(string connection)
    {
        if (!peers.Remove(connection, out var peer)) return;
        byConn.Remove(peer.Conn);
        core.Disconnect(peer.Conn);
        // RELEASE was handled before its connection's end is told: a domain that is still there has gone by itself.
        if (peer.Domid != 0) core.DomainGone(peer.Domid, this);
    }

    private void Request(IReadOnlyList<TraceEntry> trace, int at)
    {
        var entry = trace[at];
        var peer = Peer(entry.Connection, true);
        introducing = entry.Type == XsWireType.Introduce ? TraceDomains.Introduced(entry.Text) : (ushort)0;
        if (entry.Type == XsWireType.Rm) Removed.Add(Absolute(peer, TracePayload.Split(entry.Text).First));
        if (entry.Type == XsWireType.TransactionEnd && peer is { Transaction: 0, Older: true })
        {
            // It was begun before the trace.
            peer.Said.Add(new(entry.Partner?.Type ?? XsWireType.Error, entry.Partner?.Text ?? ""));
            return;
        }

        if (entry.Type == XsWireType.TransactionStart) peer.SharedByThreads = (peer.Domid != 0 || peer.Older) && Aborts(trace, at);
        var outside = entry.Type == XsWireType.TransactionStart || beginning.Outside.Contains(entry.Line) || (entry.Type == XsWireType.Write && peer.SharedByThreads);
        if (entry.Type == XsWireType.Write && peer.Transaction != 0 && !outside) Unseen.Add((entry.Line, Absolute(peer, TracePayload.Split(entry.Text).First), peer));
        if (entry is { Type: XsWireType.TransactionEnd, Text: "T " }) Unseen.RemoveAll(w => w.Peer == peer && w.Line > peer.Since);
        if (entry.Type == XsWireType.TransactionStart) peer.Since = entry.Line;
        core.Handle(peer.Conn, entry.Type ?? (XsWireType)uint.MaxValue, ++requests, outside ? 0 : peer.Transaction, TracePayload.Of(entry.Type, entry.Text), this);
        if (entry.Type == XsWireType.TransactionEnd) peer.Transaction = 0;
        if (entry.Type == XsWireType.TransactionStart && peer.Said[^1] is { Type: XsWireType.TransactionStart } begun) peer.Transaction = CNumber.Leading(Encoding.Latin1.GetBytes(begun.Text));
    }

    private static bool Aborts(IReadOnlyList<TraceEntry> trace, int at)
    {
        for (var i = at + 1; i < trace.Count; i++)
        {
            if (trace[i].Connection == trace[at].Connection && trace[i] is { Kind: TraceKind.In, Type: XsWireType.TransactionEnd }) return trace[i].Text == "F ";
        }

        return false;
    }

    private void CompareReply(TraceEntry entry)
    {
        var peer = Peer(entry.Connection, true);
        if (entry.Partner is null) return; // its request is older than the trace
        var at = peer.Said.FindIndex(s => !s.IsEvent);
        if (Unsent(entry, peer, at < 0 ? peer.Said.Count : at)) return;
        var said = at < 0 ? null : peer.Said[0];
        if (said is not null && TraceAgreement.IsSame(entry, said, peer.Older))
        {
            peer.Said.RemoveAt(0);
            replies++;
            return;
        }

        ExpectedError = entry.Error;
        FoundError = said is { Type: XsWireType.Error } ? said.Text.TrimEnd(' ') : null;
        DifferentPath = Absolute(peer, TracePayload.Split(entry.Partner.Text).First);
        difference = new(entry.Line, entry.Partner, entry.Message, said?.Message ?? "nothing");
    }

    private void CompareEvent(TraceEntry entry)
    {
        var peer = Peer(entry.Connection, true);
        var at = peer.Said.FindIndex(s => s.IsEvent && s.Text == entry.Text);
        var reply = peer.Said.FindIndex(s => !s.IsEvent);
        if (at >= 0 && (reply < 0 || at < reply))
        {
            if (Unsent(entry, peer, at)) return;
            peer.Repeats.AddRange(Enumerable.Repeat(entry.Text, peer.Said[0].Again));
            peer.Said.RemoveAt(0);
            peer.LastEvent = entry.Text;
            events++;
            return;
        }

        if (peer.Repeats.Remove(entry.Text))
        {
            events++;
            return;
        }

        var (path, token) = TracePayload.Split(entry.Text);
        // A domain's end is not in the trace, only what comes of it.
        if (path is XenstorePath.ReleaseDomain or XenstorePath.IntroduceDomain) return;
        if (peer.Older && !core.HasWatch(peer.Conn, Encoding.Latin1.GetBytes(token.TrimEnd(' '))))
        {
            olderEvents++;
            return;
        }

        MissingEvent = true;
        DifferentForGuest = peer.Domid != 0;
        DifferentPath = Absolute(peer, path);
        difference = new(entry.Line, null, entry.Message, peer.Said.Count > 0 ? peer.Said[0].Message : "nothing");
    }

    // Events that the store said before what the trace says now: those that the daemon merged are forgotten, another is a difference.
    private bool Unsent(TraceEntry entry, TracePeer peer, int count)
    {
        for (; count > 0; count--)
        {
            if (peer.Said[0].Text != peer.LastEvent)
            {
                ExtraEvent = true;
                DifferentForGuest = peer.Domid != 0;
                DifferentPath = Absolute(peer, TracePayload.Split(peer.Said[0].Text).First);
                difference = new(entry.Line, entry.Partner, entry.Message, peer.Said[0].Message);
                return true;
            }

            peer.Said.RemoveAt(0);
        }

        return false;
    }

    private static string Absolute(TracePeer peer, string path) =>
        path is ['/' or '@', ..] ? path : string.Create(CultureInfo.InvariantCulture, $"/local/domain/{peer.Domid}/{path}");
}
