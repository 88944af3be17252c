using System.Globalization;
using XenActors.Experiments.Profiles;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Scenarios;

/// <summary>Lines of dom0's shell: <c>xl COMMAND ...</c> as xl(1) has them, and a few words for what an operator does without xl.</summary>
internal sealed class ShellLine
{
    private static readonly SortedDictionary<string, (ShellVerb Verb, string Usage)> XlVerbs = new(StringComparer.Ordinal)
    {
        ["pause"] = (ShellVerb.Pause, "xl pause DOMAIN"),
        ["unpause"] = (ShellVerb.Unpause, "xl unpause DOMAIN"),
        ["destroy"] = (ShellVerb.Destroy, "xl destroy DOMAIN"),
        ["shutdown"] = (ShellVerb.Shutdown, "xl shutdown DOMAIN"),
        ["reboot"] = (ShellVerb.Reboot, "xl reboot DOMAIN"),
        ["block-attach"] = (ShellVerb.BlockAttach, "xl block-attach DOMAIN DISK-SPEC"),
        ["block-detach"] = (ShellVerb.BlockDetach, "xl block-detach DOMAIN VDEV [--force]"),
        ["network-attach"] = (ShellVerb.NetworkAttach, "xl network-attach DOMAIN [VIF-SPEC]"),
        ["network-detach"] = (ShellVerb.NetworkDetach, "xl network-detach DOMAIN DEVID"),
        ["cd-insert"] = (ShellVerb.CdInsert, "xl cd-insert DOMAIN VDEV PATH"),
        ["cd-eject"] = (ShellVerb.CdEject, "xl cd-eject DOMAIN VDEV"),
        ["save"] = (ShellVerb.Save, "xl save -c DOMAIN"),
        ["suspend"] = (ShellVerb.Suspend, "xl suspend DOMAIN"),
    };

    private static readonly SortedDictionary<string, (ShellVerb Verb, string Usage)> OwnVerbs = new(StringComparer.Ordinal)
    {
        ["power-loss"] = (ShellVerb.PowerLoss, "power-loss [HOST]"),
        ["reload-backend"] = (ShellVerb.ReloadBackend, "reload-backend DOMAIN/DEVICE"),
        ["resize"] = (ShellVerb.Resize, "resize PATH SIZE"),
        ["restart-xenstored"] = (ShellVerb.RestartXenstored, "restart-xenstored [--keep] [HOST]"),
    };

    private readonly List<string> _words;
    private readonly IReadOnlyList<string> _domains;
    private readonly IReadOnlyList<string> _hosts;
    private readonly string _usage;
    private readonly ShellVerb _verb;

    private ShellLine(List<string> words, ShellVerb verb, string usage, IReadOnlyList<string> domains, IReadOnlyList<string> hosts)
    {
        (_words, _verb, _usage, _domains, _hosts) = (words, verb, usage, domains, hosts);
    }

    /// <param name="domains">The names that the line may have.</param>
    /// <param name="hosts">The same of hosts.</param>
    /// <exception cref="FormatException">What is wrong, and what was expected.</exception>
    public static ShellCommand Parse(string line, IReadOnlyList<string> domains, IReadOnlyList<string> hosts)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToList();
        var xl = words.Count > 0 && words[0] == "xl";
        var verbs = xl ? XlVerbs : OwnVerbs;
        var word = words.Count > (xl ? 1 : 0) ? words[xl ? 1 : 0] : "";
        if (!verbs.TryGetValue(word, out var verb))
        {
            var known = XlVerbs.Keys.Select(v => $"xl {v}").Concat(OwnVerbs.Keys).ToList();
            var found = xl ? $"xl {word}".TrimEnd() : word;
            throw new FormatException($"expected a command of dom0's shell but found '{found}'{HostSettings.Nearest(found, known)}; there are {string.Join(", ", known)}");
        }

        return new ShellLine(words[(xl ? 2 : 1)..], verb.Verb, verb.Usage, domains, hosts).Read();
    }

    private ShellCommand Read()
    {
        var command = new ShellCommand(_verb);
        switch (_verb)
        {
            case ShellVerb.BlockDetach:
                var force = Option("--force");
                return Ended(command with { Domain = Domain(), Text = Vdev(), Flag = force });
            case ShellVerb.BlockAttach:
                return command with { Domain = Domain(), Text = DiskSpec() };
            case ShellVerb.NetworkAttach:
                return command with { Domain = Domain(), Text = Rest() };
            case ShellVerb.NetworkDetach:
                return Ended(command with { Domain = Domain(), Text = Number() });
            case ShellVerb.CdInsert:
                return Ended(command with { Domain = Domain(), Text = Vdev(), Medium = Next("a path") });
            case ShellVerb.CdEject:
                return Ended(command with { Domain = Domain(), Text = Vdev() });
            case ShellVerb.Save:
                if (!Option("-c"))
                {
                    throw Wrong("only checkpoints (-c), after which the domain goes on");
                }

                return command with { Domain = Domain() };
            case ShellVerb.ReloadBackend:
                return Ended(Device(command));
            case ShellVerb.RestartXenstored:
                var keep = Option("--keep");
                return Ended(command with { Flag = keep, Host = Host() });
            case ShellVerb.Resize:
                return Ended(command with { Text = Next("a volume's path"), Size = Size() });
            case ShellVerb.PowerLoss:
                return Ended(command with { Host = Host() });
            default:
                return Ended(command with { Domain = Domain() });
        }
    }

    private bool Option(string name) => _words.Remove(name);

    private string Next(string what)
    {
        if (_words.Count == 0)
        {
            throw Wrong($"{what} but found nothing more");
        }

        var word = _words[0];
        _words.RemoveAt(0);
        return word.StartsWith('-') ? throw Wrong($"{what} but found '{word}'") : word;
    }

    private string Domain() => Domain(Next("a domain"));

    private string Domain(string name) => _domains.Contains(name)
        ? name
        : throw new FormatException($"expected a domain of the scenario but found '{name}'{HostSettings.Nearest(name, _domains)}; there are {(_domains.Count == 0 ? "none" : string.Join(", ", _domains))}");

    private string Host()
    {
        if (_words.Count == 0)
        {
            return "";
        }

        var name = Next("a host");
        return _hosts.Contains(name)
            ? name
            : throw new FormatException($"expected a host of the scenario but found '{name}'{HostSettings.Nearest(name, _hosts)}; there are {string.Join(", ", _hosts)}");
    }

    private string Vdev()
    {
        var name = Next("a virtual device");
        return VirtualDevice.TryParse(name, out _) ? name : throw Wrong($"a virtual device as xvdb but found '{name}'");
    }

    // The words of one specification fill one disk: as if there were commas between them.
    private string DiskSpec()
    {
        var spec = string.Join(',', _words);
        var result = DiskSpecParser.Parse(_words, "command line");
        return _words.Count == 0 ? throw Wrong("a disk specification but found nothing more")
            : result.Disk is null ? throw Wrong($"a disk specification (xl-disk-configuration(5)) but found '{spec}': {result.Diagnostics.FirstOrDefault()?.Text}")
            : spec;
    }

    private string Rest() => string.Join(',', _words);

    private string Number()
    {
        var word = Next("a device number");
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? word : throw Wrong($"a device number but found '{word}'");
    }

    private long Size()
    {
        var word = string.Join("", _words);
        _words.Clear();
        try
        {
            var bytes = Hocon.HoconConfig.Parse($"size = {word}").GetBytes("size");
            return bytes > 0 && bytes % 1024 == 0 ? bytes : throw Wrong($"whole KiB but found '{word}'");
        }
        catch (Hocon.HoconException)
        {
            throw Wrong($"a size as 64MiB but found '{word}'");
        }
    }

    private ShellCommand Device(ShellCommand command)
    {
        var word = Next("a device");
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
        {
            throw Wrong($"DOMAIN/DEVICE as web/xvda but found '{word}'");
        }

        var device = word[(slash + 1)..];
        var nic = device.StartsWith("vif", StringComparison.Ordinal);
        return nic || VirtualDevice.TryParse(device, out _)
            ? command with { Domain = Domain(word[..slash]), Text = nic ? "vif" : "vbd" }
            : throw Wrong($"a disk as xvda or a NIC as vif0 but found '{device}'");
    }

    private ShellCommand Ended(ShellCommand command) => _words.Count == 0 ? command : throw Wrong($"no more but found '{_words[0]}'");

    private FormatException Wrong(string expected) => new($"{_usage}: expected {expected}");
}
