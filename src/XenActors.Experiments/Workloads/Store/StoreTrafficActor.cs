using System.Buffers.Text;
using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Experiments.Workloads.Store;

/// <summary>Time for the next request.</summary>
[Codec]
public readonly partial record struct StoreTrafficDue;

/// <summary>
/// A client of xenstored, one request at a time as libxenstore's blocking calls: writes, reads, lists, removals, permissions, watches, and transactions that
/// are committed or given up. A commit that meets EAGAIN is counted and not repeated: what it would have done is done by later operations.
/// </summary>
public sealed class StoreTrafficActor : Actor<StoreTrafficState>
{
    private const int StepsMax = 4;

    /// <summary>Percent of the transactions that are given up.</summary>
    private const int AbortPercent = 10;

    // Watches on these are granted to everybody; what is told of them is another matter.
    private static readonly string[] Foreign = ["/", "/local/domain", "/local/domain/0", "/vm", "/tool"];

    protected override void PreStart() => Context.StartTimer(new StoreTrafficDue(), Pause());

    public void On(in StoreTrafficDue m) => Next();

    public void On(in XsWatchEvent m) => State.Events++;

    public void On(in XsReply m)
    {
        if (m.ReqId != State.Asked)
        {
            return;
        }

        State.Asked = 0;
        var error = m.Type == XsWireType.Error ? XsWireError.Parse(Encoding.Latin1.GetString(m.Payload).TrimEnd('\0')) : XenErrno.None;
        if (error != XenErrno.None && error != XenErrno.EAGAIN)
        {
            State.Errors++;
        }

        Answered(in m, error);
        if (!State.Finished)
        {
            Context.StartTimer(new StoreTrafficDue(), Pause());
        }
    }

    private void Answered(in XsReply m, XenErrno error)
    {
        switch (State.AskedType)
        {
            case XsWireType.TransactionStart when error == XenErrno.None && Utf8Parser.TryParse(m.Payload, out uint id, out _):
                State.Transaction = id;
                State.StepsLeft = 1 + (int)Context.Random.Next(StepsMax);
                return;
            case XsWireType.TransactionEnd:
                State.Transaction = 0;
                _ = error == XenErrno.EAGAIN ? State.Conflicts++ : State.Commits++;
                break;
            case XsWireType.Watch when error == XenErrno.None:
                State.Watched.Add(State.WatchAsked);
                break;
            case XsWireType.Unwatch when error == XenErrno.None:
                State.Watched.Remove(State.WatchAsked);
                break;
            case XsWireType.Mkdir when !State.Made:
                State.Made = true;
                return;
        }

        if (State.Transaction == 0)
        {
            State.Done++;
        }
    }

    private void Next()
    {
        if (!State.Made)
        {
            Ask(XsWireType.Mkdir, $"{State.Traffic.Path}\0");
            return;
        }

        if (State.Transaction != 0)
        {
            if (State.StepsLeft-- > 0)
            {
                if (State.Traffic.Odd > 0 && Context.Random.Next(100) < State.Traffic.Odd)
                {
                    // A transaction within another.
                    Ask(XsWireType.TransactionStart, State.Transaction, "\0");
                    State.AskedType = XsWireType.Error;
                    return;
                }

                Step();
            }
            else
            {
                Ask(XsWireType.TransactionEnd, Context.Random.Next(100) < AbortPercent ? "F\0" : "T\0");
            }

            return;
        }

        if (State.Traffic.Odd > 0 && Context.Random.Next(100) < State.Traffic.Odd)
        {
            Odd();
            return;
        }

        var dice = (int)Context.Random.Next(100);
        if (dice < State.Traffic.Transactions)
        {
            Ask(XsWireType.TransactionStart, "\0");
        }
        else if (dice < State.Traffic.Transactions + State.Traffic.Watches)
        {
            State.WatchAsked = State.Traffic.ForeignWatches > 0 && Context.Random.Next(100) < State.Traffic.ForeignWatches
                ? State.Traffic.Keys + (int)Context.Random.Next(Foreign.Length)
                : (int)Context.Random.Next(State.Traffic.Keys);
            Ask(State.Watched.Contains(State.WatchAsked) ? XsWireType.Unwatch : XsWireType.Watch, $"{Key(State.WatchAsked)}\0traffic-{State.WatchAsked}\0");
        }
        else
        {
            Step();
        }
    }

    private void Step()
    {
        var key = Key((int)Context.Random.Next(State.Traffic.Keys));
        switch (Context.Random.Next(10))
        {
            case < 4:
                Ask(XsWireType.Write, string.Create(CultureInfo.InvariantCulture, $"{key}\0v{State.LastRequest}"));
                break;
            case < 7:
                Ask(XsWireType.Read, $"{key}\0");
                break;
            case 7:
                Ask(XsWireType.Directory, $"{State.Traffic.Path}\0");
                break;
            case 8:
                Ask(XsWireType.Rm, $"{key}\0");
                break;
            default:
                Ask(XsWireType.GetPerms, $"{key}\0");
                break;
        }
    }

    // Answered or refused, it counts as one operation and changes nothing of what this client knows of itself.
    private void Odd()
    {
        var odd = OddRequests.Draw(ref Context.Random, State.Traffic.Path);
        Ask(odd.Type, odd.Transaction, odd.Payload);
        State.AskedType = XsWireType.Error;
    }

    private void Ask(XsWireType type, string payload) => Ask(type, type == XsWireType.TransactionStart ? 0 : State.Transaction, payload);

    private void Ask(XsWireType type, uint transaction, string payload)
    {
        State.Requests++;
        State.Asked = ++State.LastRequest;
        State.AskedType = type;
        Context.Tell(State.Xenstored, new XsRequest(type, State.Asked, transaction, Encoding.Latin1.GetBytes(payload)));
    }

    private string Key(int number) => number >= State.Traffic.Keys ? Foreign[number - State.Traffic.Keys] : string.Create(CultureInfo.InvariantCulture, $"{State.Traffic.Path}/key{number}");

    private VirtualDuration Pause() => Context.Random.NextExponential(State.Traffic.Interval);
}
