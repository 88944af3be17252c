using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>Event channels: what happens between a producer's EVTCHNOP_send and the consumer's pending bit.</summary>
internal static class EventFaults
{
    private const string Place = "the event channels of the domain in which that end is (dom0/evtchn, domN/evtchn), as the event arrives";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "event-drop",
            Subject = FaultSubject.EventChannels,
            Summary = "an event for a device's ring is lost before it sets the pending bit",
            StandsFor = "a kick lost between the final check and sleep (a missing barrier, XSA-358/359; a driver without RING_FINAL_CHECK)",
            Place = Place,
            Heals = "later events arrive; a ring whose last kick was lost sleeps until something else wakes it",
            Effect = FaultEffect.Degrading,
            Parameters = [Shared.Device, Shared.End, Shared.Probability, Shared.Count("unlimited")],
            Begin = work => Each(work, degrading: true, static (in Delivery _, RingEvent m, out string what) =>
            {
                what = $"event for port {m.Port} lost";
                return Verdict.Drop;
            }),
        },
        new()
        {
            Name = "event-delay",
            Subject = FaultSubject.EventChannels,
            Summary = "an event for a device's ring sets its pending bit later",
            StandsFor = "an upcall that waits for a vCPU which is not scheduled, or for an interrupt window",
            Place = Place,
            Heals = "what is late still comes",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Device, Shared.End, Shared.Time("delay", "1ms", "how late"), Shared.Probability, Shared.Count("unlimited")],
            Begin = work =>
            {
                var delay = work.Settings.Duration("delay");
                Each(work, degrading: false, (in Delivery _, RingEvent m, out string what) =>
                {
                    what = $"event for port {m.Port} late by {delay}";
                    return Verdict.Delay(delay);
                });
            },
        },
        new()
        {
            Name = "event-duplicate",
            Subject = FaultSubject.EventChannels,
            Summary = "an event for a device's ring comes a second time, with no work behind it",
            StandsFor = "spurious interrupts (XSA-391 and the regressions after its fix, XSA-332)",
            Place = Place,
            Heals = "each event comes once",
            Effect = FaultEffect.Benign,
            Parameters = [Shared.Device, Shared.End, Shared.Time("after", "100us", "how much later"), Shared.Probability, Shared.Count("unlimited")],
            Begin = work =>
            {
                var after = work.Settings.Duration("after");
                Each(work, degrading: false, (in Delivery _, RingEvent m, out string what) =>
                {
                    what = $"event for port {m.Port} twice";
                    return Verdict.Duplicate(after);
                });
            },
        },
        new()
        {
            Name = "event-storm",
            Subject = FaultSubject.EventChannels,
            Summary = "one end's kernel raises the device's event channel all the time, with no work behind it",
            StandsFor = "a rogue guest at a backend (XSA-332: softlockup in dom0), a rogue backend at blkfront or netfront (XSA-391)",
            Place = "an agent in the other end's domain calls EVTCHNOP_send; the end named here hears it",
            Heals = "the storm is over; an end that slows spurious events down recovers within a second",
            Effect = FaultEffect.Benign,
            Parameters =
            [
                Shared.Device, Shared.End, new("rate", FaultValue.Number, "10000", "events a second, from 1 to 1000000", "events a second") { Least = 1, Most = 1_000_000 },
            ],
            Begin = Storm,
        },
        new()
        {
            Name = "event-misroute",
            Subject = FaultSubject.EventChannels,
            Summary = "an event for a device's ring sets another port's pending bit",
            StandsFor = "a wrong port after a rebind or a reset (XSA-343), fuzzed port numbers",
            Place = Place,
            Heals = "events find their ports again; a ring whose last kick went astray sleeps until something else wakes it",
            Effect = FaultEffect.Degrading,
            Parameters =
            [
                Shared.Device, Shared.End, new("offset", FaultValue.Count, "1", "a whole number from 1 to 4095", "ports further on") { Least = 1, Most = 4095 },
                Shared.Probability, Shared.Count("unlimited"),
            ],
            Begin = work =>
            {
                var offset = (uint)work.Settings.Count("offset");
                Each(work, degrading: true, (in Delivery delivery, RingEvent m, out string what) =>
                {
                    what = $"event for port {m.Port} goes to port {m.Port + offset}";
                    delivery.Replace(new RingEvent(m.Port + offset));
                    return Verdict.Deliver;
                });
            },
        },
    ];

    private delegate Verdict EventJudge(in Delivery delivery, RingEvent m, out string what);

    // A consumer's driver tells its own event channels that its threshold was crossed: which device it is shows in who tells.
    private static void Each(FaultWork work, bool degrading, EventJudge judge)
    {
        var device = work.Device();
        if (degrading)
        {
            work.Degrade(device.Scope);
        }

        var simulator = work.Simulator;
        var patterns = work.Paths(device).Select(p => new PathPattern(work.Site.Prefix + p)).ToArray();
        work.On($"dom{work.Place(device)}/evtchn", (in Delivery delivery, ref RandomStream _, out string what) =>
        {
            what = "";
            if (!delivery.TryGet<RingEvent>(out var m) || delivery.From.Process != delivery.To.Process)
            {
                return Verdict.Pass;
            }

            var path = simulator.PathOf(delivery.From);
            return Array.Exists(patterns, p => p.Matches(path)) ? judge(in delivery, m, out what) : Verdict.Pass;
        });
    }

    private static void Storm(FaultWork work)
    {
        var device = work.Device();
        var toBack = work.Settings.Text("end") == "back";
        if (work.Site.Read($"{device.FrontNode}/event-channel") is not { } text || !uint.TryParse(text, out var frontPort))
        {
            work.Remark($"{device.Scope} has no event channel: nobody to disturb");
            return;
        }

        // The guest's port is in the store; dom0's is the one that is bound to it.
        var port = toBack ? frontPort : BackPort(work, device.Domain, frontPort);
        var from = toBack ? device.Domain : (ushort)0;
        var places = work.Site.Machine.Places;
        work.Agent<StormAgent>(places.Processes[from], new AgentState
        {
            To = places.EventChannels(from),
            Port = port,
            Every = new VirtualDuration(Math.Max(1, (long)(1e9 / work.Settings.Number("rate")))),
        });
    }

    private static uint BackPort(FaultWork work, ushort domain, uint frontPort)
    {
        var channels = work.Site.Machine.EventChannels(0).Channels;
        for (uint port = 1; channels.IsKnown(port); port++)
        {
            if (channels.Port(port) is { State: Abi.EvtchnState.Interdomain } end && end.Remote == domain && end.Number == frontPort)
            {
                return port;
            }
        }

        return 0;
    }
}
