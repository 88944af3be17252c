using XenActors.Experiments.Fio;
using XenActors.Experiments.Workloads.Store;
using XenActors.Experiments.Profiles;
using XenActors.Hocon;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>
/// Scenario files in HOCON. What a file does not say, <c>reference.conf</c> says for all: every setting stands there with its unit and its default.
/// </summary>
public sealed class ScenarioFile
{
    /// <summary>Beside the profiles.</summary>
    public const string ReferenceName = "reference.conf";

    private const string OnlyHost = "host";

    private static readonly string[] Known =
    [
        "description", "seed", "host", "hosts", "domains", "volumes", "workloads", "commands", "faults", "checkers", "defects", "end",
    ];

    private readonly HoconObject _reference;
    private readonly string _directory;

    private ScenarioFile(HoconObject reference, string directory)
    {
        _reference = reference;
        _directory = directory;
    }

    /// <param name="profiles">Where <c>reference.conf</c> and the profiles are.</param>
    /// <exception cref="UserErrorException">file:line:column, what, and what was expected.</exception>
    public static Scenario Load(string file, string profiles)
    {
        if (!File.Exists(file))
        {
            throw new UserErrorException($"{file}: no such scenario file");
        }

        return Guard(file, () => Bind(HoconConfig.Load(file), Path.GetFileNameWithoutExtension(file), Path.GetDirectoryName(Path.GetFullPath(file))!, profiles));
    }

    /// <exception cref="UserErrorException">As from a file.</exception>
    public static Scenario Parse(string text, string name, string directory, string profiles) =>
        Guard(name, () => Bind(HoconConfig.Parse(text, name), Path.GetFileNameWithoutExtension(name), directory, profiles));

    private static Scenario Guard(string file, Func<Scenario> bind)
    {
        try
        {
            return bind();
        }
        catch (HoconException mistake)
        {
            throw new UserErrorException(mistake.Message, mistake);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file}: cannot be read: {cause.Message}", cause);
        }
    }

    private static Scenario Bind(HoconObject root, string name, string directory, string profiles) =>
        new ScenarioFile(References.Of(profiles), directory).Scenario(root, name);

    private Scenario Scenario(HoconObject root, string name)
    {
        var settings = new ScenarioSettings(root, null, "a scenario", Known);
        var hosts = Hosts(root);
        return new()
        {
            Name = name,
            Description = settings.TextOrNone("description") ?? "",
            Seed = root.Has("seed") ? Seed(root) : 1,
            Hosts = hosts,
            Domains = [.. Each(root, "domains").Select(d => Domain(d.Key, d.Section, hosts))],
            Volumes = [.. Each(root, "volumes").Select(v => Volume(v.Key, v.Section))],
            Workloads = [.. Each(root, "workloads").Select(w => Workload(w.Key, w.Section))],
            Commands = [.. Each(root, "commands").Select(c => Command(c.Key, c.Section))],
            Faults = [.. Each(root, "faults").Select(f => Fault(f.Key, f.Section))],
            Checkers = root.Has("checkers") ? settings.Texts("checkers") : ["all"],
            CheckersAt = root.Has("checkers") ? root.Get("checkers").Origin.ToString() : "",
            Defects = root.Has("defects") ? settings.Texts("defects") : [],
            End = End(root),
        };
    }

    private static ulong Seed(HoconObject root) =>
        ulong.TryParse(root.GetString("seed"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new HoconException(root.Get("seed").Origin, $"expected a whole number from 0 to {ulong.MaxValue} at 'seed' but found {root.Get("seed").Describe()}");

    private static IEnumerable<(string Key, HoconObject Section)> Each(HoconObject root, string key)
    {
        if (!root.TryGetObject(key, out var all))
        {
            yield break;
        }

        foreach (var name in all.Keys)
        {
            all.TryGetField(name, out var value);
            if (!value.IsNull)
            {
                yield return (name, value.AsObject(name));
            }
        }
    }

    private List<ScenarioHost> Hosts(HoconObject root)
    {
        if (root.Has("host") && root.Has("hosts"))
        {
            throw new HoconException(root.Get("host").Origin, "expected 'host' or 'hosts' but found both");
        }

        if (!root.Has("hosts"))
        {
            return [new(OnlyHost, root.Has("host") ? root.GetString("host") : _reference.GetString("host"), root.Has("host") ? root.Get("host").Origin.ToString() : "")];
        }

        var hosts = new List<ScenarioHost>();
        foreach (var (key, section) in Each(root, "hosts"))
        {
            var settings = new ScenarioSettings(section, null, "a host", "profile");
            hosts.Add(new(key, settings.TextOrNone("profile") ?? _reference.GetString("host"), settings.Where));
        }

        return hosts.Count > 0 ? hosts : throw new HoconException(root.Get("hosts").Origin, "expected at least one host in 'hosts' but found none");
    }

    private ScenarioDomain Domain(string name, HoconObject section, List<ScenarioHost> hosts)
    {
        var text = DomainText.Of(name, section, _reference.GetObject("domain"), _directory, out var configName);
        var settings = section.WithFallback(_reference.GetObject("domain"));
        var host = settings.TryGetString("host", out var given) ? given : hosts[0].Name;
        if (!hosts.Exists(h => h.Name == host))
        {
            throw new HoconException(section.Get("host").Origin, $"expected one of the hosts {string.Join(", ", hosts.Select(h => h.Name))} but found '{host}'{HostSettings.Nearest(host, [.. hosts.Select(h => h.Name)])}");
        }

        return new()
        {
            Name = name,
            Host = host,
            Config = text,
            ConfigName = configName,
            Kernel = settings.GetString("kernel"),
            CommandLine = settings.TryGetString("cmdline", out var cmdline) ? cmdline : null,
            Restarts = settings.GetInt("restarts") is >= 0 and <= 64 and var restarts
                ? restarts
                : throw new HoconException(settings.Get("restarts").Origin, "expected 0 to 64 at 'restarts'"),
            Where = section.Origin.ToString(),
        };
    }

    private ScenarioVolume Volume(string path, HoconObject section)
    {
        var settings = new ScenarioSettings(section, _reference.GetObject("volume"), "a volume", "size", "partitions", "image");
        return new()
        {
            Path = path,
            Size = settings.Size("size", 1024) * 1024,
            Partitions = settings.Sizes("partitions", 1024),
            Image = settings.TextOrNone("image") is { } image ? Path.Combine(_directory, image) : null,
            Where = settings.Where,
        };
    }

    private ScenarioWorkload Workload(string name, HoconObject section)
    {
        string[] kinds = ["fio", "store"];
        var kind = section.TryGetString("kind", out var given) ? given : "fio";
        if (Array.IndexOf(kinds, kind) < 0)
        {
            throw new HoconException(section.Get("kind").Origin, $"expected one of {string.Join(", ", kinds)} at 'kind' but found '{kind}'{HostSettings.Nearest(kind, kinds)}");
        }

        string[] common = ["kind", "domain", "delay"];
        var defaults = _reference.GetObject("workload").GetObject(kind);
        var all = section.WithFallback(defaults);
        var domain = all.TryGetString("domain", out var of) ? of : "";
        var workload = new ScenarioWorkload
        {
            Name = name, Kind = kind, Domain = domain, Delay = new(Math.Max(0, all.GetDurationNs("delay"))), Where = section.Origin.ToString(),
        };
        if (kind == "fio")
        {
            return workload with { Fio = FioJobFile.Job(name, section, common, defaults) with { Guest = domain } };
        }

        var store = new ScenarioSettings(section, defaults, "a store workload", [.. common, "path", "operations", "keys", "interval", "transactions", "watches"]);
        return workload with
        {
            Store = new()
            {
                Path = store.TextOrNone("path") ?? "",
                Operations = store.Int("operations", 1, int.MaxValue),
                Keys = store.Int("keys", 1, 10_000),
                Interval = store.Duration("interval"),
                Transactions = store.Int("transactions", 0, 100),
                Watches = store.Int("watches", 0, 100),
            },
        };
    }

    private static ScenarioCommand Command(string name, HoconObject section)
    {
        var settings = new ScenarioSettings(section, null, "a command", ["run", .. MomentBinder.Begins]);
        return new(name, settings.Text("run"), MomentBinder.Begin(section), settings.Where);
    }

    private static FaultSpec Fault(string name, HoconObject section)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var places = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in section.Keys)
        {
            if (key != "kind" && Array.IndexOf(MomentBinder.Begins, key) < 0 && Array.IndexOf(MomentBinder.Heals, key) < 0)
            {
                parameters[key] = section.GetString(key);
                places[key] = section.Get(key).Origin.ToString();
            }
        }

        var when = MomentBinder.Begin(section);
        return new()
        {
            Name = name,
            Kind = section.GetString("kind"),
            Parameters = parameters,
            ParameterPlaces = places,
            When = when == new FaultMoment() ? new() { At = VirtualDuration.Zero } : when,
            Heal = MomentBinder.Heal(section),
            Where = section.Get("kind").Origin.ToString(),
        };
    }

    private ScenarioEnd End(HoconObject root)
    {
        var end = new ScenarioSettings(
            root.TryGetObject("end", out var written) ? written : HoconConfig.Parse("{}"), _reference.GetObject("end"), "the end", "at", "settle", "within");
        return new() { At = end.Duration("at", 1), Settle = end.Duration("settle"), Within = end.Duration("within", 1) };
    }
}
