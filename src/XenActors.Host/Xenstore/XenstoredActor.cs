using System.Text;
using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;

namespace XenActors.Xenstore;

/// <summary>
/// xenstored: the shell around <see cref="XenstoreCore"/>. A client is known by its sender; dom0's clients are the tools, another
/// process speaks for the domain that lives there and is served once it has been introduced: its kernel through its ring
/// (<c>XenstoredActor.Rings.cs</c>), anybody else there as if through a socket of its own.
/// </summary>
public sealed partial class XenstoredActor : Actor<XenstoredState>, IXenstoreOutput
{
    // A message's arrays are never changed, so that all replies without a payload of their own share one.
    private static readonly byte[] Acknowledgement = "OK\0"u8.ToArray();

    public void On(in XsRequest m)
    {
        // Nobody's process, or that of a domain which xenstored does not know: there is nothing to answer through.
        if (DomainOfSender() is { } domain && (domain == 0 || State.Introduced.Contains(domain)))
        {
            Serve(ClientOf(Sender, domain), in m);
        }
    }

    public void On(in ForceConflicts m) => State.ConflictChance = m.Chance;

    public void On(in XsDisconnect m) => Disconnect();

    public void On(in XsClose m)
    {
        Disconnect();
        Context.Tell(Sender, new XsClosed());
    }

    public void On(in DomainStateChanged m)
    {
        Spend();
        State.Core.Defects = State.Options.Defects;
        Context.Note(new StoreDomainEnded(m.Domain, m.Gone));
        if (m.Gone)
        {
            State.Core.DomainGone(m.Domain, this);
            Forget(m.Domain);
        }
        else
        {
            State.Core.DomainShutdown(m.Domain, this);
        }
    }

    void IXenstoreOutput.Reply(int conn, XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        State.Core.Onlooker?.Told(conn, type, payload);
        if (Context.IsNoted<StoreTold>()) Context.Note(new StoreTold(conn, type, reqId, txId, payload.ToArray()));
        if (State.Rings.TryGetValue(conn, out var ring))
        {
            ring.Ring.Reply(type, reqId, txId, payload);
            Publish(ring);
        }
        else if (State.Actors.TryGetValue(conn, out var actor))
        {
            Context.Tell(actor, new XsReply(type, reqId, txId, payload.SequenceEqual(Acknowledgement) ? Acknowledgement : payload.ToArray()));
        }
    }

    void IXenstoreOutput.WatchEvent(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        if (State.Core.Onlooker is { } onlooker) onlooker.Told(conn, XsWireType.WatchEvent, EventOf(path, token));
        Fired(conn, path, token, merged: false);
        if (State.Rings.TryGetValue(conn, out var ring))
        {
            ring.Ring.WatchEvent(EventOf(path, token));
            Publish(ring);
        }
        else if (State.Actors.TryGetValue(conn, out var actor))
        {
            Context.Tell(actor, new XsWatchEvent(Encoding.Latin1.GetString(path), Encoding.Latin1.GetString(token)));
        }
    }

    bool IXenstoreOutput.IsPending(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token)
    {
        if (!State.Rings.TryGetValue(conn, out var ring) || ring.Ring.Held == 0 || !ring.Ring.IsPending(EventOf(path, token))) return false;
        Fired(conn, path, token, merged: true);
        return true;
    }

    void IXenstoreOutput.Changed(string path, bool exists, byte[] value) => Context.Note(new StoreChanged(path, exists, value));

    private void Fired(int conn, ReadOnlySpan<byte> path, ReadOnlySpan<byte> token, bool merged)
    {
        if (Context.IsNoted<StoreFired>())
        {
            Context.Note(new StoreFired(conn, Encoding.Latin1.GetString(path), Encoding.Latin1.GetString(token), merged));
        }
    }

    void IXenstoreOutput.Introduced(DomId domid, Gfn ring, EvtchnPort port)
    {
        if (State.Introduced.Add(domid.Value) && domid.Value != 0)
        {
            Context.Tell(State.Places.EventChannels(0), new BindInterdomain(domid.Value, port.Value, domid.Value));
        }

        if (domid.Value != 0 && State.Places.Xenbus(domid.Value) is { IsNone: false } kernel) Introduce(domid.Value, kernel);
    }

    // The ring's other side is told by messages; that its port is bound is for those who list the ports.
    public void On(in EvtchnBound m)
    {
        if (m.Error != XenErrno.None)
        {
            return;
        }

        if (State.Introduced.Contains((ushort)m.Cookie))
        {
            State.Ports[(ushort)m.Cookie] = m.Port;
        }
        else
        {
            Context.Tell(State.Places.EventChannels(0), new CloseEvent(m.Port));
        }
    }

    public void On(in EventFired m)
    {
    }

    void IXenstoreOutput.Released(DomId domid) => Forget(domid.Value);

    private void Disconnect()
    {
        if (State.Clients.Remove((Sender.Process, Sender.Local), out var client))
        {
            State.Actors.Remove(client.Connection);
            State.Core.Disconnect(client.Connection);
            Context.Note(new StoreClosed(client.Connection));
        }
    }

    private ushort? DomainOfSender() => Sender.Process == Self.Process || Sender.Process == State.ToolsProcess ? (ushort)0 : State.Places.DomainOf(Sender.Process);

    private void Serve(StoreClient client, in XsRequest m)
    {
        Note(client, m);
        Spend();
        State.Core.Defects = State.Options.Defects;
        Context.Note(new StoreAsked(
            client.Connection, client.Actor, client.Domain, State.Rings.ContainsKey(client.Connection), m.Type, m.ReqId, m.TxId, m.Payload));
        if (State.ConflictChance > 0 && m.Type == XsWireType.TransactionEnd && m.Payload is [(byte)'T', 0] && Context.Random.NextChance(State.ConflictChance)
            && State.Core.Spoil(client.Connection, m.TxId))
        {
            State.ConflictsForced++;
        }

        if (State.Core.Handle(client.Connection, m.Type, m.ReqId, m.TxId, m.Payload, this) != XenstoreViolation.None)
        {
            Drop(client); // As the daemon does: the connection is closed, nobody else notices.
        }
    }

    private StoreClient ClientOf(ActorRef sender, ushort domain)
    {
        if (State.Clients.TryGetValue((sender.Process, sender.Local), out var client))
        {
            return client;
        }

        client = new() { Actor = sender, Domain = domain, Connection = State.Core.Connect(domain) };
        State.Clients.Add((sender.Process, sender.Local), client);
        State.Actors.Add(client.Connection, sender);
        return client;
    }

    private void Drop(StoreClient client)
    {
        State.Clients.Remove((client.Actor.Process, client.Actor.Local));
        State.Actors.Remove(client.Connection);
        State.Core.Disconnect(client.Connection);
        Context.Note(new StoreClosed(client.Connection));
    }

    private void Note(StoreClient client, in XsRequest m)
    {
        if (StateWriteFilter.Line(m) is not { } line)
        {
            return;
        }

        if (client.Label.Length == 0)
        {
            client.Label = $"c{++State.Labels}";
        }

        if (State.StateWrites.Count >= State.Options.StateWritesMax)
        {
            State.StateWrites.RemoveAt(0);
        }

        State.StateWrites.Add(new(Context.Now, client.Label, line));
    }

    private void Forget(ushort domain)
    {
        State.Introduced.Remove(domain);
        if (State.Ports.Remove(domain, out var port))
        {
            Context.Tell(State.Places.EventChannels(0), new CloseEvent(port));
        }

        if (!State.Places.Processes.TryGetValue(domain, out var process))
        {
            return;
        }

        List<(int, int)> gone = [];
        foreach (var (key, client) in State.Clients)
        {
            if (key.Process == process)
            {
                gone.Add(key);
                State.Actors.Remove(client.Connection);
                State.Rings.Remove(client.Connection);
            }
        }

        foreach (var key in gone)
        {
            State.Clients.Remove(key);
        }
    }

    private void Spend() => Context.Work(Context.Random.Jitter(State.Options.RequestCost, State.Options.JitterPercent));
}
