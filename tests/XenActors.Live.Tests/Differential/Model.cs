using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Tests.Live.Differential;

/// <summary>
/// Our store, called directly: what it says is what the daemons are held against. It also knows what a sequence has come to, and so which
/// steps can be played.
/// </summary>
internal sealed class Model : IXenstoreOutput, IDomainLives
{
    private const uint DomidMax = 1023; // what exists under the shim unless its state file says otherwise

    private readonly XenstoreCore core = new();
    private readonly Dictionary<int, List<WireText>> said = [];
    private readonly Dictionary<uint, DomainLife> lives = [];
    private readonly Dictionary<uint, uint> targets = [];
    private readonly Dictionary<int, List<uint>> open = [];

    public Model()
    {
        core.Lives = this;
        foreach (var socket in Who.Sockets) core.Connect(socket.Number, 0);
    }

    public int TransactionCount => core.TransactionCount;

    public bool IsConnected(Who who) => core.IsConnected(who.Number);

    /// <summary>The generation that this begins with; DIRECTORY_PART tells it.</summary>
    public ulong Calibrate()
    {
        foreach (var path in Daemon.FirstNodes) core.Handle(Who.A.Number, XsWireType.Write, 0, 0, Encoding.Latin1.GetBytes(path + "\0"), this);
        core.Handle(Who.A.Number, XsWireType.DirectoryPart, 0, 0, Encoding.Latin1.GetBytes($"{Daemon.FirstNodes[^1]}\00\0"), this);
        var generation = KnownDifferences.GenerationOf(said[Who.A.Number][^1].Payload);
        said.Clear();
        return generation;
    }

    /// <summary>Whether a client that is to end one of its transactions has none.</summary>
    public bool IsIdle(Step step) => step is Ask { Type: XsWireType.TransactionEnd, Transaction.Open: >= 0 } ask
        && (!open.TryGetValue(ask.Who.Number, out var ids) || ids.Count == 0);

    /// <summary>Whether a step makes sense now; <see cref="KnownDifferences"/> says what is never played.</summary>
    public bool CanPlay(Step step) => step switch
    {
        Ask ask => IsConnected(ask.Who) && KnownDifferences.CanAsk(ask, this),
        Virq => !targets.Values.Any(target => LifeOf(target) is DomainLife.Gone or DomainLife.Dying),
        _ => true,
    };

    public bool HasTarget(uint domid) => targets.ContainsKey(domid);

    public bool IsTarget(uint domid) => targets.ContainsValue(domid);

    public bool IsIntroduced(uint domid) => domid == 0 || (domid <= DomidMax && IsConnected(Who.Guest((ushort)domid)));

    /// <summary>The step with the transaction that it means now.</summary>
    public Step Resolve(Step step) => step is Ask ask
        ? ask with { Transaction = TransactionChoice.Literal(ask.Transaction.Resolve(open.GetValueOrDefault(ask.Who.Number) ?? [])) }
        : step;

    /// <summary>Plays a step; what each client that is still there is told because of it, in order.</summary>
    public Dictionary<int, List<WireText>> Play(Step step, uint reqId)
    {
        said.Clear();
        switch (step)
        {
            case Ask ask:
                core.Handle(ask.Who.Number, ask.Type, reqId, ask.Tx, Encoding.Latin1.GetBytes(ask.Payload), this);
                Note(ask, said[ask.Who.Number].Last(told => told.Type != XsWireType.WatchEvent));
                break;
            case Reconnect reconnect:
                core.Disconnect(reconnect.Who.Number);
                open.Remove(reconnect.Who.Number);
                core.Connect(reconnect.Who.Number, 0);
                break;
            case Turn turn:
                lives[turn.Domid] = turn.Life;
                break;
            case Virq:
                core.CheckDomains(this);
                break;
        }

        foreach (var gone in said.Keys.Where(number => !core.IsConnected(number)).ToList()) said.Remove(gone);
        return said;
    }

    public DomainLife LifeOf(uint domid) => lives.GetValueOrDefault(domid, domid <= DomidMax ? DomainLife.Running : DomainLife.Gone);

    void IXenstoreOutput.Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload) =>
        Said(conn).Add(new(type, reqId, txId, Encoding.Latin1.GetString(payload)));

    void IXenstoreOutput.WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) =>
        Said(conn).Add(new(XsWireType.WatchEvent, 0, 0, $"{Encoding.Latin1.GetString(path)}\0{Encoding.Latin1.GetString(token)}\0"));

    void IXenstoreOutput.Introduced(DomId domid, Gfn ring, EvtchnPort port)
    {
        if (domid.Value == 0) return;
        var guest = Who.Guest(domid.Value);
        if (!IsConnected(guest)) core.Connect(guest.Number, domid.Value);
        open.Remove(guest.Number);
        said.Remove(guest.Number); // its ring begins anew
    }

    void IXenstoreOutput.Released(DomId domid) => targets.Remove(domid.Value);

    private List<WireText> Said(int conn)
    {
        if (!said.TryGetValue(conn, out var lines)) said.Add(conn, lines = []);
        return lines;
    }

    private void Note(Ask ask, WireText reply)
    {
        var mine = open.TryGetValue(ask.Who.Number, out var ids) ? ids : open[ask.Who.Number] = [];
        if (reply.Type == XsWireType.Error)
        {
            // A commit that fails is over as well.
            if (ask.Type == XsWireType.TransactionEnd && ask.Payload is "T\0" or "F\0") mine.Remove(ask.Tx);
            return;
        }

        switch (ask.Type)
        {
            case XsWireType.TransactionStart:
                mine.Add(uint.Parse(reply.Payload.TrimEnd('\0'), CultureInfo.InvariantCulture));
                break;
            case XsWireType.TransactionEnd:
                mine.Remove(ask.Tx);
                break;
            case XsWireType.ResetWatches:
                mine.Clear();
                break;
            case XsWireType.SetTarget:
                var (domid, target) = KnownDifferences.Targets(ask.Payload)!.Value;
                targets[domid] = target;
                break;
        }
    }
}
