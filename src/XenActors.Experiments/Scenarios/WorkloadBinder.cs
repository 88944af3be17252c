using XenActors.Experiments.Fio;
using XenActors.Experiments.Profiles;
using XenActors.Hocon;

namespace XenActors.Experiments.Scenarios;

/// <summary>Sections of <c>workloads</c>.</summary>
internal static class WorkloadBinder
{
    public static readonly string[] Kinds = ["fio", "store", "net", "hypercalls"];

    public static readonly string[] Common = ["kind", "domain", "delay"];

    public static readonly string[] Store = ["path", "operations", "keys", "interval", "transactions", "watches", "foreign-watches", "odd"];

    public static readonly string[] Net = ["device", "peer", "peer-device", "frame", "frame-max", "interval", "count", "echo", "mtu"];

    public static readonly string[] Hypercalls = ["operations", "interval", "hoard"];

    /// <exception cref="HoconException">An unknown kind or setting, or a value of the wrong form.</exception>
    public static ScenarioWorkload Bind(string name, HoconObject section, HoconObject reference)
    {
        var kind = section.TryGetString("kind", out var given) ? given : "fio";
        if (Array.IndexOf(Kinds, kind) < 0)
        {
            throw new HoconException(section.Get("kind").Origin, $"expected one of {string.Join(", ", Kinds)} at 'kind' but found '{kind}'{HostSettings.Nearest(kind, Kinds)}");
        }

        var defaults = reference.GetObject(kind);
        var all = section.WithFallback(defaults);
        var domain = all.TryGetString("domain", out var of) ? of : "";
        var workload = new ScenarioWorkload
        {
            Name = name,
            Kind = kind,
            Domain = domain,
            Delay = new(Math.Max(0, all.GetDurationNs("delay"))),
            Where = (section.Has("domain") ? section.Get("domain").Origin : section.Origin).ToString(),
        };
        return kind switch
        {
            "fio" => workload with { Fio = FioJobFile.Job(name, section, Common, defaults) with { Guest = domain } },
            "net" => workload with { Net = Frames(section, defaults) },
            "hypercalls" => workload with { Hypercalls = Calls(section, defaults) },
            _ => workload with { Store = Traffic(section, defaults) },
        };
    }

    private static Workloads.Store.StoreTraffic Traffic(HoconObject section, HoconObject defaults)
    {
        var store = new ScenarioSettings(section, defaults, "a store workload", [.. Common, .. Store]);
        return new()
        {
            Path = store.TextOrNone("path") ?? "",
            Operations = store.Int("operations", 1, int.MaxValue),
            Keys = store.Int("keys", 1, 10_000),
            Interval = store.Duration("interval"),
            Transactions = store.Int("transactions", 0, 100),
            Watches = store.Int("watches", 0, 100),
            ForeignWatches = store.Int("foreign-watches", 0, 100),
            Odd = store.Int("odd", 0, 100),
        };
    }

    private static Workloads.Hypercalls.HypercallTraffic Calls(HoconObject section, HoconObject defaults)
    {
        var calls = new ScenarioSettings(section, defaults, "a hypercalls workload", [.. Common, .. Hypercalls]);
        return new() { Operations = calls.Int("operations", 1, int.MaxValue), Interval = calls.Duration("interval"), Hoard = calls.Int("hoard", 0, 1 << 20) };
    }

    private static NetTraffic Frames(HoconObject section, HoconObject defaults)
    {
        var net = new ScenarioSettings(section, defaults, "a net workload", [.. Common, .. Net]);
        if (!section.Has("peer"))
        {
            throw new HoconException(section.Origin, "expected a domain's name at 'peer' but found no such setting");
        }

        return new(
            net.Text("device"), net.Text("peer"), net.Text("peer-device"), net.Int("frame", 54, 1514), net.Int("frame-max", 0, 1514),
            net.Duration("interval").Nanoseconds, net.Int("count", 1, int.MaxValue), section.WithFallback(defaults).GetBool("echo"),
            net.Int("mtu", 0, 65535));
    }
}
