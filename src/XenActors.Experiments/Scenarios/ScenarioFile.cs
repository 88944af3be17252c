using XenActors.Experiments.Checkers.Machine;
using XenActors.Experiments.Profiles;
using XenActors.Hocon;
using XenActors.Machine.Network;
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
        "description", "seed", "host", "hosts", "network", "domains", "volumes", "workloads", "commands", "faults", "checkers", "verify", "defects", "placement", "end",
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
        List<ScenarioDomain> domains = [.. Each(root, "domains").Select(d => Domain(d.Key, d.Section, hosts))];
        var checkers = root.Has("checkers") ? settings.Texts("checkers") : ["all"];
        return new()
        {
            Name = name,
            Description = settings.TextOrNone("description") ?? "",
            Seed = root.Has("seed") ? Seed(root) : 1,
            Hosts = hosts,
            Network = Network(root),
            Domains = domains,
            Volumes = [.. Each(root, "volumes").Select(v => Volume(v.Key, v.Section))],
            Workloads = [.. Each(root, "workloads").Select(w => WorkloadBinder.Bind(w.Key, w.Section, _reference.GetObject("workload")))],
            Commands = [.. Each(root, "commands").Select(c => Command(c.Key, c.Section, domains, hosts))],
            Faults = [.. Each(root, "faults").Select(f => Fault(f.Key, f.Section, hosts))],
            Checkers = checkers,
            CheckersAt = root.Has("checkers") ? root.Get("checkers").Origin.ToString() : "",
            Verify = (root.Has("verify") ? root : _reference).GetBool("verify") || checkers.Contains(Determinism.Name),
            Defects = root.Has("defects") ? settings.Texts("defects") : [],
            DefectsAt = root.Has("defects") ? root.Get("defects").Origin.ToString() : "",
            Placement = PlacementBinder.Bind(Written(root, "placement"), _reference.GetObject("placement")),
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

    private NetworkPlan Network(HoconObject root)
    {
        var network = new ScenarioSettings(Written(root, "network"), _reference.GetObject("network"), "the network", "latency", "bandwidth", "port-buffer");
        return new()
        {
            Latency = network.Duration("latency", 1),
            Bandwidth = (long)network.Int("bandwidth", 0, 1_000_000) * 1_000_000,
            PortBuffer = network.Size("port-buffer", 1),
        };
    }

    private static ScenarioCommand Command(string name, HoconObject section, List<ScenarioDomain> domains, List<ScenarioHost> hosts)
    {
        var settings = new ScenarioSettings(section, null, "a command", ["run", .. MomentBinder.Begins]);
        var line = settings.Text("run");
        try
        {
            return new(name, line, ShellLine.Parse(line, [.. domains.Select(d => d.Name)], [.. hosts.Select(h => h.Name)]), MomentBinder.Begin(section), settings.Where);
        }
        catch (FormatException mistake)
        {
            throw new HoconException(section.Get("run").Origin, mistake.Message);
        }
    }

    private static FaultSpec Fault(string name, HoconObject section, List<ScenarioHost> hosts)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var places = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in section.Keys)
        {
            if (key is not ("kind" or "host") && Array.IndexOf(MomentBinder.Begins, key) < 0 && Array.IndexOf(MomentBinder.Heals, key) < 0)
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
            Host = FaultHost(section, hosts),
            Parameters = parameters,
            ParameterPlaces = places,
            When = when == new FaultMoment() ? new() { At = VirtualDuration.Zero } : when,
            Heal = MomentBinder.Heal(section),
            Where = section.Get("kind").Origin.ToString(),
        };
    }

    private static string FaultHost(HoconObject section, List<ScenarioHost> hosts)
    {
        var names = hosts.Select(h => h.Name).ToList();
        return !section.TryGetString("host", out var host) ? ""
            : names.Contains(host) ? host
            : throw new HoconException(section.Get("host").Origin, $"expected one of the hosts {string.Join(", ", names)} but found '{host}'{HostSettings.Nearest(host, names)}");
    }

    private ScenarioEnd End(HoconObject root)
    {
        var end = new ScenarioSettings(
            Written(root, "end"), _reference.GetObject("end"), "the end", "at", "settle", "within", "messages");
        return new() { At = end.Duration("at", 1), Settle = end.Duration("settle"), Within = end.Duration("within", 1), Messages = end.Int("messages", 1, int.MaxValue) };
    }

    private static HoconObject Written(HoconObject root, string key) => root.TryGetObject(key, out var written) ? written : HoconConfig.Parse("{}");
}
