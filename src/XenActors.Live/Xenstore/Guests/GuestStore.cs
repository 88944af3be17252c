using System.Runtime.InteropServices;
using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Live.Native;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Live.Xenstore.Guests;

/// <summary>
/// A store whose clients are tools on sockets and guests on rings. Rings are files in a directory, and so is all that Xen would tell the
/// daemon of its domains (README).
/// </summary>
internal sealed unsafe class GuestStore(XenstoreCore core, string path) : IStoreService, IXenstoreOutput, IDisposable
{
    private const uint DomainExceptionPort = 3; // VIRQ_DOM_EXC
    private const uint FirstGuestPort = 64;
    private const uint LastGuestPort = FirstGuestPort + ushort.MaxValue;
    private const int TurnMax = 64; // requests of one guest before others have theirs
    private const int EventsSize = 64 * 1024; // what a pipe holds

    private readonly GuestDirectory directory = new(path);
    private readonly byte[] arrived = GC.AllocateUninitializedArray<byte>(EventsSize, pinned: true);
    private readonly byte[] eventPayload = new byte[XenstoreLimits.PayloadMax];
    private readonly SortedDictionary<ushort, GuestRing> guests = [];
    private Queue<GuestRing> due = new();
    private Queue<GuestRing> turn = new();
    private IXenstoreOutput sockets = null!;
    private AccessLog? log;
    private int events = -1;

    public int WatchCount => core.WatchCount;

    public int TransactionCount => core.TransactionCount;

    public int Patience => due.Count > 0 ? 0 : -1;

    public bool Settled => due.Count == 0;

    public int Descriptor => events;

    /// <summary>Hears events from now on, and serves dom0's own ring.</summary>
    /// <exception cref="UserErrorException">The directory cannot be used.</exception>
    public void Start(IXenstoreOutput output)
    {
        sockets = output;
        core.Lives = directory;
        events = directory.OpenEvents();
        // What was said to an earlier daemon is not for this one.
        while (ReadEvents() > 0)
        {
        }

        var error = Open(0);
        if (error == XenErrno.None) core.Connect(guests[0].Connection, 0);
        else throw new UserErrorException($"{Path.Combine(path, "dom0.ring")}: expected a file that can be mapped but found {XsWireError.NameOf(error)}");
    }

    public void LogTo(AccessLog log)
    {
        this.log = log;
        core.Onlooker = log;
        foreach (var guest in guests.Values) LogBirth(guest);
    }

    public void Connect(int client) => core.Connect(client, 0);

    public void Disconnect(int client) => core.Disconnect(client);

    public int TransactionsOf(int client) => core.TransactionsOf(client);

    public XenstoreViolation Handle(int client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload) =>
        core.Handle(client, type, reqId, txId, payload, this);

    /// <summary>Takes in what guests and Xen said.</summary>
    public void DescriptorReady()
    {
        var length = ReadEvents();
        var ports = MemoryMarshal.Cast<byte, uint>(arrived.AsSpan(0, length));
        // A writer's four bytes come in one piece. Whoever wrote others has garbled what is here for everybody: then anything may have happened.
        foreach (var port in ports)
        {
            if (port == DomainExceptionPort) CheckDomains();
            else if (port is >= FirstGuestPort and <= LastGuestPort && guests.TryGetValue((ushort)(port - FirstGuestPort), out var guest)) Enlist(guest);
        }

        if (length % sizeof(uint) == 0) return;
        CheckDomains();
        foreach (var guest in guests.Values) Enlist(guest);
    }

    /// <summary>Serves the guests that have something to say or to be told, each for a while.</summary>
    public void Work()
    {
        (turn, due) = (due, turn);
        while (turn.TryDequeue(out var guest))
        {
            guest.Due = false;
            Serve(guest);
        }

        // One guest's request may have told another one something: that goes out before the loop sleeps.
        foreach (var guest in due) Flush(guest);
    }

    public void Dispose()
    {
        foreach (var guest in guests.Values) guest.Page.Dispose();
        if (events >= 0) Libc.close(events);
    }

    void IXenstoreOutput.Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        if (conn >= 0) sockets.Reply(conn, type, reqId, txId, payload);
        else if (Find(conn) is { } guest)
        {
            guest.Ring.Reply(type, reqId, txId, payload);
            guest.Logged?.Add(type, payload);
        }
    }

    void IXenstoreOutput.WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        if (conn >= 0)
        {
            sockets.WatchEvent(conn, path, token);
        }
        else if (Find(conn) is { } guest)
        {
            var payload = EventOf(path, token);
            if (guest.Ring.WatchEvent(payload)) guest.Logged?.Add(XsWireType.WatchEvent, payload);
            Enlist(guest);
        }
    }

    bool IXenstoreOutput.IsPending(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) =>
        conn >= 0 ? sockets.IsPending(conn, path, token) : Find(conn)?.Ring.IsPending(EventOf(path, token)) ?? false;

    XenErrno IXenstoreOutput.Introducing(DomId domid, Gfn ring, EvtchnPort port) => Open(domid.Value);

    void IXenstoreOutput.Introduced(DomId domid, Gfn ring, EvtchnPort port)
    {
        var guest = guests[domid.Value];
        // An ignored domain stays without a connection. Introduced again, any other one keeps its own, emptied: the numbers of its
        // transactions go on.
        if (guest.Ring.Fault != XenstoreRingFault.None) core.Disconnect(guest.Connection);
        else if (core.IsConnected(guest.Connection)) core.Empty(guest.Connection);
        else core.Connect(guest.Connection, domid.Value);
        guest.Ring.Introduce(guest.Page);
        guest.Logged?.Clear();
        Enlist(guest);
    }

    void IXenstoreOutput.Released(DomId domid)
    {
        if (!guests.Remove(domid.Value, out var guest)) return;
        log?.Closed(guest.Connection);
        guest.Page.Dispose();
    }

    private GuestRing? Find(int connection) => guests.GetValueOrDefault((ushort)(-1 - connection));

    private XenErrno Open(ushort domid)
    {
        if (directory.OpenRing(domid, out var error) is not { } page) return (XenErrno)error;
        var guest = new GuestRing(domid, page);
        guests.Add(domid, guest);
        LogBirth(guest);
        return XenErrno.None;
    }

    private void LogBirth(GuestRing guest)
    {
        if (log is null) return;
        guest.Logged = new LoggedOutput();
        log.Created(guest.Connection);
    }

    // What guests said before their end is heard.
    private void CheckDomains()
    {
        Work();
        core.CheckDomains(this);
    }

    private void Enlist(GuestRing guest)
    {
        if (guest.Due) return;
        guest.Due = true;
        due.Enqueue(guest);
    }

    private void Serve(GuestRing guest)
    {
        var ring = guest.Ring;
        if (IsServed(guest)) Send(guest); // what it has read makes room for requests, too
        for (var handled = 0; IsServed(guest) && ring.TryTake(guest.Page, out var header, out var payload);)
        {
            log?.In(guest.Connection, (XsWireType)header.Type, payload);
            core.Handle(guest.Connection, (XsWireType)header.Type, header.ReqId, header.TxId, payload, this);
            Send(guest);
            if (++handled < TurnMax) continue;
            Enlist(guest);
            break;
        }

        Flush(guest);
    }

    private void Flush(GuestRing guest)
    {
        if (!IsServed(guest)) return;
        Send(guest);
        if (guest.Ring.TakeKick() && guest.Domid != 0) directory.Kick(guest.Domid);
        // An ignored domain stays introduced; its watches and transactions are gone.
        if (guest.Ring.Fault != XenstoreRingFault.None && core.IsConnected(guest.Connection)) Ignore(guest);
    }

    private void Ignore(GuestRing guest)
    {
        log?.Ignored(guest.Connection, (int)XenstoreRingServer.ErrorOf(guest.Ring.Fault));
        guest.Logged?.Clear();
        core.Disconnect(guest.Connection);
    }

    private void Send(GuestRing guest)
    {
        guest.Ring.Flush(guest.Page);
        if (guest.Logged is not { } messages || guest.Ring.Fault != XenstoreRingFault.None) return;
        messages.Sent(guest.Ring.CountUntouched());
        while (messages.Any)
        {
            var (type, payload) = messages.Next();
            log!.Out(guest.Connection, type, payload);
        }
    }

    // Its own request, or another's, may have released it.
    private bool IsServed(GuestRing guest) => guests.GetValueOrDefault(guest.Domid) == guest;

    private ReadOnlySpan<byte> EventOf(ReadOnlySpan<byte> path, ReadOnlySpan<byte> token) => WatchEventPayload.Write(eventPayload, path, token);

    private int ReadEvents()
    {
        fixed (byte* to = arrived) return (int)Math.Max(Libc.read(events, to, EventsSize), 0);
    }
}
