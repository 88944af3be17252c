using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Simulation;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>xenstored and what it tells.</summary>
internal static class XenstoreFaults
{
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "xenstore-delay",
            Subject = FaultSubject.Xenstore,
            Summary = "every request reaches xenstored late, and so does its reply; order stays",
            StandsFor = "a daemon at 100 % CPU (Qubes #4191: a database file, O(n)), dom0 under load",
            Place = "dom0/xenstored: requests of sockets and rings",
            Heals = "what is late is served first",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Time("delay", "10ms", "how late")],
            Begin = work =>
            {
                var delay = work.Settings.Duration("delay");
                work.Late("dom0/xenstored", delay, (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = "";
                    if (!IsRequest(in delivery))
                    {
                        return Verdict.Pass;
                    }

                    what = $"a request comes {delay} late";
                    return Verdict.Deliver;
                });
            },
        },
        new()
        {
            Name = "xenstore-conflict",
            Subject = FaultSubject.Xenstore,
            Summary = "a transaction's commit meets EAGAIN though nobody came between",
            StandsFor = "other writers (XSA-206's livelock); daemons that check by the whole tree",
            Place = "dom0/xenstored, at TRANSACTION_END (injection point ForceConflicts)",
            Heals = "commits conflict only with others' writes",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Chance("0.5", "chance for each commit")],
            Begin = work =>
            {
                var machine = work.Site.Machine;
                var state = () => machine.Simulator.StateOf<XenstoredState>(machine.Xenstored)?.ConflictsForced ?? 0;
                work.Order(machine.Xenstored, new ForceConflicts(work.Settings.Number("probability")), new ForceConflicts(0), state);
            },
        },
        new()
        {
            Name = "watch-duplicate",
            Subject = FaultSubject.Xenstore,
            Summary = "a watch event comes a second time to a domain's drivers",
            StandsFor = "events that are not merged; watches that fire once more after a live update",
            Place = "the domain's xenbus (dom0/xenbus, domN/xenbus) and its drivers",
            Heals = "each event comes once",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Domain, Shared.Time("after", "1ms", "how much later"), Shared.Probability, Shared.Count("unlimited")],
            Begin = work =>
            {
                var after = work.Settings.Duration("after");
                work.On($"dom{work.Domain()}/xenbus/**", (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = "";
                    if (!delivery.TryGet<XsWatchEvent>(out var m))
                    {
                        return Verdict.Pass;
                    }

                    what = $"watch event for {m.Path} twice";
                    return Verdict.Duplicate(after);
                });
            },
        },
        new()
        {
            Name = "watch-late",
            Subject = FaultSubject.Xenstore,
            Summary = "watch events reach a domain's drivers late; their order stays",
            StandsFor = "a watch thread that is kept from running; a long queue (XSA-349)",
            Place = "the domain's drivers (dom0/xenbus/*, domN/xenbus/*)",
            Heals = "what is late comes first",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Domain, Shared.Time("delay", "100ms", "how late")],
            Begin = work =>
            {
                var delay = work.Settings.Duration("delay");
                work.Late($"dom{work.Domain()}/xenbus/*", delay, (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = "";
                    if (!delivery.TryGet<XsWatchEvent>(out var m))
                    {
                        return Verdict.Pass;
                    }

                    what = $"watch event for {m.Path} comes {delay} late";
                    return Verdict.Deliver;
                });
            },
        },
        new()
        {
            Name = "xenstore-quota",
            Subject = FaultSubject.Xenstore,
            Summary = "a quota of unprivileged domains is set so low that guests meet it (ENOSPC)",
            StandsFor = "an operator's xenstore-control quota set; guests near their limits (XSA-326 set them)",
            Place = "a client in dom0 sends CONTROL quota set",
            Heals = "the quota is what it was by default; what was refused stays refused",
            Effect = FaultEffect.Degrading,
            Parameters =
            [
                new("quota", FaultValue.Choice, "nodes", "nodes|watches|transactions|node-size|permissions", "as xenstore-control names it"),
                new("limit", FaultValue.Count, "1", "a whole number from 1", "the new limit") { Least = 1, Most = int.MaxValue },
            ],
            Begin = Quota,
        },
        new()
        {
            Name = "xenstore-restart",
            Subject = FaultSubject.Xenstore,
            Summary = "xenstored does not run for a while; then another one goes on with all that it knew",
            StandsFor = "xenstore-control live-update; a daemon that is stopped, or stuck on its disk",
            Place = "dom0/xenstored: all that arrives waits, in order; then RestartXenstored with its state kept",
            Heals = "it serves what has waited; when no transaction is open it is updated, and every watch fires once",
            Effect = FaultEffect.Benign,
            Begin = static work =>
            {
                work.On("dom0/xenstored", static (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = $"{delivery.Type.Type.Name} waits for the daemon";
                    return Verdict.Hold;
                });
                work.AtEnd(() => work.Tell(work.Site.Machine.Operator, new RestartXenstored(KeepState: true), "xenstore-control live-update"));
            },
        },
        new()
        {
            Name = "xenstore-crash",
            Subject = FaultSubject.Xenstore,
            Summary = "xenstored dies with its store; the next one begins with an empty one",
            StandsFor = "a crash (XSA-440), after which the toolstack and all state machines stall while rings go on (Qubes #5991)",
            Place = "dom0/xenstored: its state is new (RestartXenstored without its state), and requests find nobody until it is healed",
            Heals = "a daemon runs again that knows no client and no domain: the host needs a reboot",
            Effect = FaultEffect.Degrading,
            Begin = static work =>
            {
                work.Degrade("host");
                work.On("dom0/xenstored", static (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = "a request finds no daemon";
                    return IsRequest(in delivery) ? Verdict.Drop : Verdict.Pass;
                });
                work.Tell(work.Site.Machine.Xenstored, new RestartXenstored(KeepState: false), "xenstored dies with its store");
            },
        },
    ];

    private static bool IsRequest(in Delivery delivery) =>
        delivery.Type == Message<XsRequest>.Type || delivery.Type == Message<XsRingRequests>.Type
        || delivery.Type == Message<XsDisconnect>.Type || delivery.Type == Message<XsClose>.Type;

    private static void Quota(FaultWork work)
    {
        var (name, limit) = (work.Settings.Text("quota"), work.Settings.Count("limit"));
        foreach (var domain in work.Site.Machine.Guests)
        {
            work.Degrade($"dom{domain}");
        }

        var usual = Usual(name);
        Order(limit);
        work.AtEnd(() => Order(usual));

        void Order(long value)
        {
            var machine = work.Site.Machine;
            var words = string.Create(CultureInfo.InvariantCulture, $"quota\0set\0{name}\0{value}\0");
            work.Agent<StoreAgent>(machine.Places.Processes[0], new AgentState
            {
                To = machine.Xenstored,
                Writes = [new(XsWireType.Control, Encoding.Latin1.GetBytes(words), $"xenstore-control quota set {name} {value}")],
            });
        }
    }

    private static long Usual(string name)
    {
        var usual = new XenstoreQuotas();
        return name switch
        {
            "watches" => usual.WatchesPerDomain,
            "transactions" => usual.TransactionsPerDomain,
            "node-size" => usual.NodeSize,
            "permissions" => usual.PermissionsPerNode,
            _ => usual.NodesPerDomain,
        };
    }
}
