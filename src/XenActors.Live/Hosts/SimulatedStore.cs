using System.Text;
using XenActors.Abi;
using XenActors.Experiments.Recordings;
using XenActors.Live.Xenstore;
using XenActors.Simulation;
using XenActors.Xenstore;
using XenActors.Xenstore.Outside;

namespace XenActors.Live.Hosts;

/// <summary>
/// The store of a simulated host behind a socket: lets virtual time go on with the wall clock, carries requests into the simulation and
/// replies out of it.
/// </summary>
/// <remarks>
/// An input enters at the simulation's own time, which has first been brought up to the wall clock. While somebody waits for an answer
/// virtual time may run ahead of the wall by <see cref="Lead"/>: sleeping is coarser than a request. It never skips: what cannot be
/// done in time is done late.
/// </remarks>
internal sealed class SimulatedStore(HostPace pace, TimeProvider clock, GuestDisks disks) : IStoreService, IOutsideClients
{
    /// <summary>Requests of one client that may be on their way; then nothing more is read from it.</summary>
    private const int InFlightMax = 64;

    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(1);

    // So far ahead an answer to a disk's client is looked for; when it has come the clock goes on from there.
    private static readonly TimeSpan DiskLead = TimeSpan.FromMilliseconds(100);

    // Longer than this the simulation does not run before the sockets are looked at again.
    private static readonly TimeSpan TurnMax = TimeSpan.FromMilliseconds(5);

    private readonly Stack<int> freePlaces = new();
    private readonly byte[] path = new byte[XenstoreLimits.PayloadMax];
    private readonly byte[] token = new byte[XenstoreLimits.PayloadMax];
    private readonly HostSlices slices = new(clock);
    private IXenstoreOutput output = null!;
    private LiveSession session = null!;

    // By place in the simulation: whose it is (0: nobody's), and how many of its requests are on their way. By client: its place.
    private int[] clientAt = new int[64];
    private int[] inFlightAt = new int[64];
    private int[] placeOf = new int[64];
    private int waiting;
    private int leaving;
    private bool current;
    private bool late;
    private bool more;
    private bool over;

    public int WatchCount => Connections.Sum(session.Machine.Store.WatchesOf);

    public int TransactionCount => Connections.Sum(session.Machine.Store.TransactionsOf);

    public int Descriptor => disks.Descriptor;

    public bool Settled => waiting == 0 && leaving == 0;

    /// <summary>How many clients there have been at once.</summary>
    public int Places { get; private set; }

    /// <summary>How many clients there have been.</summary>
    public long Clients { get; private set; }

    /// <summary>Called once a turn, when the simulation has run.</summary>
    public HostWatch? Watch { get; set; }

    public int Patience
    {
        get
        {
            if (late || more) return 0;
            var next = session.Machine.Simulator.NextEventTime;
            var until = !pace.Started ? -1
                : next == VirtualTime.Never || (Settled && disks.Outstanding == 0) ? pace.MillisecondsUntil(next)
                : pace.MillisecondsUntil(new(Math.Max(0, next.Nanoseconds - pace.ToVirtual(disks.Outstanding > 0 ? DiskLead : Lead).Nanoseconds)));
            if (disks.Patience is >= 0 and var lingering && (until < 0 || until > lingering)) until = lingering;
            return until is < 0 or > HostWatch.EveryMs && Watch is { Waits: true } ? HostWatch.EveryMs : until;
        }
    }

    private IEnumerable<int> Connections =>
        session.Machine.Simulator.StateOf<XenstoredState>(session.Machine.Xenstored)!.ConnectionsOf(session.Machine.Tools);

    /// <summary>The session that it serves, once there is one.</summary>
    public void Serve(LiveSession session) => this.session = session;

    public void Start(IXenstoreOutput output) => this.output = output;

    public void Connect(int client)
    {
        CatchUp();
        if (!freePlaces.TryPop(out var place)) place = ++Places;
        if (place >= clientAt.Length)
        {
            Array.Resize(ref clientAt, 2 * clientAt.Length);
            Array.Resize(ref inFlightAt, 2 * inFlightAt.Length);
        }

        if (client >= placeOf.Length) Array.Resize(ref placeOf, Math.Max(client + 1, 2 * placeOf.Length));
        (clientAt[place], inFlightAt[place], placeOf[client]) = (client, 0, place);
        Clients++;
        session.Connect(place);
    }

    public void Disconnect(int client)
    {
        if (over) return;
        CatchUp();
        var place = placeOf[client];
        waiting -= inFlightAt[place];
        leaving++;
        (clientAt[place], inFlightAt[place], placeOf[client]) = (0, 0, 0);
        session.Disconnect(place);
    }

    public XenstoreViolation Handle(int client, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        if (!pace.Started) pace.Start();
        CatchUp();
        var place = placeOf[client];
        inFlightAt[place]++;
        waiting++;
        session.Request(place, type, reqId, txId, payload);
        return XenstoreViolation.None;
    }

    public bool IsFull(int client) => inFlightAt[placeOf[client]] >= InFlightMax;

    public bool Owes(int client) => inFlightAt[placeOf[client]] > 0;

    public void DescriptorReady()
    {
        CatchUp();
        // Who has come before there is a disk waits for virtual time.
        if (disks.Receive() && !pace.Started) pace.Start();
    }

    public void Work()
    {
        CatchUp();
        if (pace.Started)
        {
            var answered = Answer();
            if (pace.Free && !answered) late = slices.Run(session, VirtualTime.Never, TurnMax);
            if (disks.Take() > 0) pace.RunAhead(session.Now);
        }

        // After what has happened, not before it: when nothing happens any more nobody looks again.
        var opened = pace.Started && disks.Look();
        more = disks.Send() || opened;
        current = false;
        Watch?.Look(late);
    }

    /// <summary>Nothing enters the simulation any more.</summary>
    public void End() => over = true;

    void IOutsideClients.Reply(int client, in XsReply reply)
    {
        if (clientAt[client] is not (> 0 and var socket)) return;
        inFlightAt[client]--;
        waiting--;
        output.Reply(socket, reply.Type, reply.ReqId, reply.TxId, reply.Payload);
    }

    void IOutsideClients.WatchEvent(int client, in XsWatchEvent watchEvent)
    {
        if (clientAt[client] is not (> 0 and var socket)) return;
        var pathBytes = path.AsSpan(0, Encoding.Latin1.GetBytes(watchEvent.Path, path));
        var tokenBytes = token.AsSpan(0, Encoding.Latin1.GetBytes(watchEvent.Token, token));
        // A client that does not read is told the same thing once; the simulation knows nothing of that.
        if (!output.IsPending(socket, pathBytes, tokenBytes)) output.WatchEvent(socket, pathBytes, tokenBytes);
    }

    void IOutsideClients.Closed(int client)
    {
        leaving--;
        freePlaces.Push(client);
    }

    // Once a turn, before the first input of it: what has happened by now has happened before it.
    private void CatchUp()
    {
        if (current || !pace.Started) return;
        current = true;
        late = !pace.Free && slices.Run(session, pace.Now, TurnMax);
    }

    // True when there was somebody to answer.
    private bool Answer()
    {
        if ((Settled && disks.Outstanding == 0) || late) return false;
        var simulator = session.Machine.Simulator;
        var limit = pace.Free ? VirtualTime.Never : pace.Now + pace.ToVirtual(disks.Outstanding > 0 ? DiskLead : Lead);
        var begun = clock.GetTimestamp();
        for (var steps = 1; !Settled || disks.Answers < disks.Outstanding; steps++)
        {
            var next = simulator.NextEventTime;
            if (next >= limit || (steps % 1024 == 0 && clock.GetElapsedTime(begun) > TurnMax)) break;
            session.RunUntil(limit - next < simulator.Lookahead ? limit : next + simulator.Lookahead);
        }

        if (pace.Free) late = simulator.NextEventTime < VirtualTime.Never;
        return true;
    }
}
