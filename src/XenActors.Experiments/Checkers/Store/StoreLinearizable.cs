using System.Text;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Checkers.Store;

/// <summary>
/// xenstored against a model of its own (<see cref="StoreModel"/>): every reply outside of a transaction is what one simple tree answers at that moment; a
/// transaction that is committed gives, replayed in one piece at its commit, the very answers that it had; one that is refused had a reason; every watch
/// that must fire fires, and none fires without a change or without the right to read; quotas hold; and clients get the replies that were sent, in order.
/// </summary>
public sealed partial class StoreLinearizable() : Checker("store-linearizable"),
    IObserve<StoreAsked>, IObserve<StoreTold>, IObserve<StoreFired>, IObserve<StoreClosed>, IObserve<StoreDomainEnded>, IObserve<StoreEmptied>, IObserve<StoreUpdated>, IObserve<XsReply>
{
    private const int UnderwayMax = 1000;

    private StoreModel _model = new();
    private readonly SortedDictionary<int, ModelClient> _clients = [];
    private readonly Dictionary<ActorRef, ModelClient> _byActor = [];
    private readonly List<StoreFired> _fired = [];
    private readonly List<ModelChange> _changes = [];
    private ExpectedEvents _events = null!;
    private CheckedRun? _run;
    private ActorRef _daemon;
    private VirtualTime _at;
    private StoreAsked? _asked;
    private StoreTold? _told;
    private StoreDomainEnded? _ended;
    private bool _updated;
    private StoreQuotaLimits _limits = StoreQuotaLimits.Default;

    // A disagreement makes all later ones worthless.
    private bool _lost;

    public override void Attach(CheckedRun run)
    {
        _run = run;
        _events = new ExpectedEvents(_model);
        run.Observe<StoreAsked>(this);
        run.Observe<StoreTold>(this);
        run.Observe<StoreFired>(this);
        run.Observe<StoreClosed>(this);
        run.Observe<StoreDomainEnded>(this);
        run.Observe<StoreEmptied>(this);
        run.Observe<StoreUpdated>(this);
        run.Observe<XsReply>(this);
    }

    public void On(in Observed at, in StoreEmptied what)
    {
        Finish();
        Reach("emptied");
        _model = new StoreModel();
        _events = new ExpectedEvents(_model);
        _limits = StoreQuotaLimits.Default;
        _clients.Clear();
        _byActor.Clear();
    }

    public void On(in Observed at, in StoreUpdated what)
    {
        Finish();
        Reach("updated live");
        (_at, _updated) = (at.Time, true);
    }

    public void On(in Observed at, in StoreAsked what)
    {
        Finish();
        Seen++;
        (_daemon, _at, _asked) = (at.Actor, at.Time, what);
        ClientOf(in what);
    }

    public void On(in Observed at, in StoreTold what)
    {
        _told = what;
        if (!_lost && _clients.TryGetValue(what.Connection, out var client) && !client.Ring && client.Underway.Count < UnderwayMax)
        {
            client.Underway.Add((what.ReqId, what.Type, what.Payload));
        }
    }

    public void On(in Observed at, in StoreFired what)
    {
        Reach(what.Merged ? "event merged" : "event");
        _fired.Add(what);
    }

    public void On(in Observed at, in StoreClosed what)
    {
        Finish();
        Reach("closed");
        Forget(what.Connection);
    }

    public void On(in Observed at, in StoreDomainEnded what)
    {
        Finish();
        (_at, _ended) = (at.Time, what);
    }

    public void On(in Observed at, in XsReply what)
    {
        // Drivers hear through their kernel's xenbus: only what the daemon itself has sent counts.
        if (_lost || at.Sender != _daemon || !_byActor.TryGetValue(at.Actor, out var client))
        {
            return;
        }

        var reply = what;
        var place = client.Underway.FindIndex(u => u.ReqId == reply.ReqId && u.Type == reply.Type && u.Payload.Span.SequenceEqual(reply.Payload));
        if (place > 0 || (place < 0 && client.Underway.Count < UnderwayMax))
        {
            Reach("reply out of order");
            if (!_run!.AnyFault)
            {
                Fail(at.Time, $"client {client.Connection} got the reply to its request {what.ReqId} {(place < 0 ? "that was not sent so" : "before an earlier one")}");
            }
        }

        if (place >= 0)
        {
            client.Underway.RemoveAt(place);
        }
    }

    public override void AtSlice(CheckedRun run) => Finish();

    public override void AtEnd(CheckedRun run) => Finish();

    private void Finish()
    {
        if (!_lost && (_asked is not null || _ended is not null || _updated))
        {
            _events.Clear();
            _model.Changes.Clear();
            _model.Number++;
            if (_updated)
            {
                _events.All();
            }
            else if (_ended is { } ended)
            {
                End(ended);
            }
            else if (_asked is { } asked && _told is { } told)
            {
                Judge(ClientOf(in asked), in asked, in told);
            }
            else
            {
                Reach("unanswered");
            }

            CheckEvents();
        }

        (_asked, _told, _ended, _updated) = (null, null, null, false);
        _fired.Clear();
    }

    private void Judge(ModelClient client, in StoreAsked asked, in StoreTold told)
    {
        var error = told.Type == XsWireType.Error ? XsWireError.Parse(Encoding.Latin1.GetString(told.Payload.Span).TrimEnd('\0')) : XenErrno.None;
        var transaction = asked.TxId == 0 ? null : client.Find(asked.TxId);
        if (asked.TxId != 0 && transaction is null && asked.Type is not (XsWireType.Watch or XsWireType.Unwatch))
        {
            Reach("no such transaction");
            Expect(in asked, error != XenErrno.None, "was done in a transaction that is not open");
            return;
        }

        if (StoreModel.IsAboutNodes(asked.Type))
        {
            if (transaction is not null)
            {
                transaction.Steps.Add(new(asked.Type, asked.Payload, told.Type, told.Payload));
                return;
            }

            Reach("request");
            Compare(client, new ModelStep(asked.Type, asked.Payload, told.Type, told.Payload), "outside of a transaction");
            _events.Changed(_model.Changes);
            CheckQuota(client, _model.Changes);
            return;
        }

        switch (asked.Type)
        {
            case XsWireType.TransactionStart:
                Begin(client, in asked, in told, error, transaction);
                break;
            case XsWireType.TransactionEnd when transaction is not null:
                client.Transactions.Remove(transaction);
                Close(client, transaction, in asked, error);
                break;
            case XsWireType.Watch or XsWireType.Unwatch or XsWireType.ResetWatches:
                Watch(client, in asked, error);
                break;
            default:
                Tool(in asked, in told, error);
                break;
        }
    }

    // False when model and daemon disagree.
    private bool Compare(ModelClient client, in ModelStep step, string where)
    {
        var error = step.Answer == XsWireType.Error ? XsWireError.Parse(Encoding.Latin1.GetString(step.Reply.Span).TrimEnd('\0')) : XenErrno.None;
        var refusal = error is XenErrno.ENOSPC or XenErrno.ENOMEM || (error == XenErrno.E2BIG && step.Type != XsWireType.Directory);
        if ((refusal && !client.Privileged) || (error == XenErrno.ENOENT && step.Type == XsWireType.SetPerms))
        {
            Reach(refusal ? "quota" : "unknown domain");
            return true;
        }

        var expected = _model.Do(client, step.Type, step.Payload.Span);
        if (expected.Error != XenErrno.None)
        {
            Reach(expected.Error.ToString());
        }

        var same = expected.Error == error
            && (expected.Payload is not { } payload || step.Type == XsWireType.DirectoryPart || payload.Span.SequenceEqual(step.Reply.Span));
        if (same)
        {
            return true;
        }

        Part($"client {client.Connection} (dom{client.Domain}), {where}: {Text(step.Type, step.Payload)} was answered {Text(error, step.Reply)}, but one "
            + $"request after the other gives {Text(expected.Error, expected.Payload ?? default)}");
        return false;
    }

    private void CheckEvents()
    {
        foreach (var fired in _fired)
        {
            if (!_lost && !_events.Take(fired.Connection, fired.Path, fired.Token) && _clients.ContainsKey(fired.Connection))
            {
                Part($"client {fired.Connection} was told of {fired.Path} (token {fired.Token}), where nothing changed that it may hear of");
            }
        }

        if (!_lost && _events.Missing() is { } missing)
        {
            Part($"client {missing.Connection} was not told of {missing.Told} (token {missing.Token}) by "
                + (_asked is { } asked ? Text(asked.Type, asked.Payload) : $"the end of dom{_ended?.Domain}"));
        }
    }

    private void CheckQuota(ModelClient client, List<ModelChange> changes)
    {
        if (!client.Privileged && changes.Exists(c => c.Before is null && c.After is not null)
            && _model.Owned.GetValueOrDefault(client.Domain) > _limits.Nodes)
        {
            Fail(_at, $"dom{client.Domain} has made itself {_model.Owned[client.Domain]} nodes, of {_limits.Nodes}");
        }
    }

    private ModelClient ClientOf(in StoreAsked asked)
    {
        if (!_clients.TryGetValue(asked.Connection, out var client))
        {
            client = new(asked.Connection, asked.Domain, asked.Ring);
            _clients.Add(asked.Connection, client);
            if (!asked.Ring)
            {
                _byActor[asked.Client] = client;
            }
        }

        return client;
    }

    private void ForClients(ushort domain, Action<ModelClient> what)
    {
        foreach (var client in _clients.Values)
        {
            if (client.Domain == domain && domain != 0)
            {
                what(client);
            }
        }
    }

    private void Empty(ModelClient client)
    {
        _events.RemoveAll(client);
        client.Transactions.Clear();
    }

    private void Forget(int connection)
    {
        if (_clients.Remove(connection, out var client))
        {
            Empty(client);
        }
    }

    private void Expect(in StoreAsked asked, bool holds, string otherwise)
    {
        if (!holds)
        {
            Part($"client {asked.Connection} (dom{asked.Domain}): {Text(asked.Type, asked.Payload)} {otherwise}");
        }
    }

    private void Part(string text)
    {
        _lost = true;
        Fail(_at, text);
    }

    private static string Text(XsWireType type, ReadOnlyMemory<byte> payload) =>
        $"{type} {Encoding.Latin1.GetString(payload.Span).Replace('\0', ' ').TrimEnd()}";

    private static string Text(XenErrno error, ReadOnlyMemory<byte> payload) =>
        error != XenErrno.None ? error.ToString() : $"'{Encoding.Latin1.GetString(payload.Span).Replace('\0', ' ').TrimEnd()}'";
}
