using XenActors.Simulation;

namespace XenActors.Experiments.Faults.Kinds;

/// <summary>
/// Networks between hosts. The ways inside a host (dom0, its guests, its disks) are hypercalls, memory and buses: they lose nothing, and these
/// faults refuse them.
/// </summary>
internal static class LinkFaults
{
    private const string Place = "the link from one place to another, as a message is sent";

    private static readonly FaultParameter From = new("from", FaultValue.Place, null, "a place", "where messages are sent");
    private static readonly FaultParameter To = new("to", FaultValue.Place, null, "a place", "where they arrive");

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new()
        {
            Name = "link-loss",
            Subject = FaultSubject.Links,
            Summary = "messages on a link are lost",
            StandsFor = "congestion, a bad cable",
            Place = Place,
            Heals = "messages arrive",
            Effect = FaultEffect.Benign,
            Parameters = [From, To, Shared.Chance("0.1", "chance for each message")],
            Begin = static work => Each(work, both: false, static (in Delivery delivery, ref RandomStream _, out string what) =>
            {
                what = $"{delivery.Type.Type.Name} is lost";
                return Verdict.Drop;
            }),
        },
        new()
        {
            Name = "link-delay",
            Subject = FaultSubject.Links,
            Summary = "messages on a link take longer",
            StandsFor = "a longer way, a full queue",
            Place = Place,
            Heals = "messages take the link's own latency, and may overtake those that are late",
            Effect = FaultEffect.Benign,
            Parameters = [From, To, Shared.Time("delay", "10ms", "how much longer"), Shared.Probability],
            Begin = static work =>
            {
                var delay = work.Settings.Duration("delay");
                Each(work, both: false, (in Delivery delivery, ref RandomStream _, out string what) =>
                {
                    what = $"{delivery.Type.Type.Name} takes {delay} longer";
                    return Verdict.Delay(delay);
                });
            },
        },
        new()
        {
            Name = "link-reorder",
            Subject = FaultSubject.Links,
            Summary = "messages on a link overtake each other",
            StandsFor = "several paths, bonding",
            Place = Place,
            Heals = "messages keep their order",
            Effect = FaultEffect.Benign,
            Parameters = [From, To, Shared.Time("within", "1ms", "how late one may be"), Shared.Chance("0.2", "chance for each message to be late")],
            Begin = static work =>
            {
                var within = work.Settings.Duration("within").Nanoseconds;
                Each(work, both: false, (in Delivery delivery, ref RandomStream random, out string what) =>
                {
                    var by = new VirtualDuration(random.Next(within + 1));
                    what = $"{delivery.Type.Type.Name} falls back by {by}";
                    return Verdict.Delay(by);
                });
            },
        },
        new()
        {
            Name = "link-partition",
            Subject = FaultSubject.Links,
            Summary = "nothing passes a link, in one direction or in both",
            StandsFor = "a pulled cable, a switch that reboots, a firewall rule for one direction",
            Place = Place,
            Heals = "messages pass; what was lost stays lost",
            Effect = FaultEffect.Benign,
            Parameters = [From, To, new("direction", FaultValue.Choice, "both", "both|one-way", "both, or from the one to the other only")],
            Begin = static work => Each(work, work.Settings.Text("direction") == "both", static (in Delivery delivery, ref RandomStream _, out string what) =>
            {
                what = $"{delivery.Type.Type.Name} does not pass";
                return Verdict.Drop;
            }),
        },
    ];

    private static void Each(FaultWork work, bool both, FaultJudge judge)
    {
        var (from, to) = (PlaceOf(work, "from"), PlaceOf(work, "to"));
        RefuseInside(work, from, to);
        Between(work, from, to, judge);
        if (both)
        {
            Between(work, to, from, judge);
        }
    }

    private static void Between(FaultWork work, int from, int to, FaultJudge judge)
    {
        try
        {
            work.OnLink(from, to, judge);
        }
        catch (SimulationException cause)
        {
            throw new UserErrorException($"{work.Settings.PlaceOf("to")}: {cause.Message}", cause);
        }
    }

    // Both ends are one host's.
    private static void RefuseInside(FaultWork work, int from, int to)
    {
        var (one, other) = (work.Simulator.ProcessNames[from], work.Simulator.ProcessNames[to]);
        if (work.Site.Host is not null && HostOf(one) is { } host && host == HostOf(other))
        {
            throw new UserErrorException($"{work.Settings.PlaceOf("from")}: {one} is inside a host, where messages are hypercalls, memory and buses: expected hosts or switches");
        }
    }

    // alpha/dom0 is alpha's, dom0 that of a host that is alone; the switch is nobody's.
    private static string? HostOf(string process) => process == "net" ? null : process[..(process.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? at : 0)];

    private static int PlaceOf(FaultWork work, string parameter) => work.Site.Process(work.Settings.Text(parameter), work.Settings.PlaceOf(parameter));
}
