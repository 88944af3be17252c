using System.Globalization;
using System.Text.Json.Nodes;
using XenActors.Experiments.Faults;
using XenActors.Hocon;

namespace XenActors.Experiments.Swarms;

/// <summary>Draws one scenario from a swarm file's ranges: the same one for the same seed.</summary>
internal sealed class ScenarioDraw
{
    /// <summary>Each job has so many MiB of a disk for itself.</summary>
    private const int JobSpace = 4;

    private readonly HoconObject _ranges;
    private readonly Dice _dice;
    private readonly List<string> _domains = [];

    // (domain, disk as the guest names it, path)
    private readonly List<(string Domain, string Disk, string Path)> _disks = [];
    private readonly List<(string Domain, string Nic)> _nics = [];

    // The disk of each job: faults aim there, and who takes one away makes them fail, and rightly.
    private readonly List<(string Domain, string Disk)> _used = [];
    private readonly JsonObject _document = [];

    private ScenarioDraw(HoconObject ranges, ulong seed)
    {
        _ranges = ranges;
        _dice = new(seed);
    }

    /// <exception cref="HoconException">A range has another form.</exception>
    public static JsonObject Of(HoconObject ranges, ulong seed)
    {
        var draw = new ScenarioDraw(ranges, seed);
        draw._document["seed"] = seed;
        draw._document["host"] = draw._dice.Text(ranges, "host");
        draw.Domains(ranges.GetObject("domains"));
        draw.Workloads(ranges.GetObject("workloads"));
        if (ranges.TryGetObject("commands", out var commands))
        {
            draw.Commands(commands);
        }

        if (ranges.TryGetObject("faults", out var faults))
        {
            draw.Faults(faults);
        }

        if (ranges.TryGetObject("end", out var end))
        {
            draw._document["end"] = JsonNode.Parse(HoconJson.Render(end));
        }

        return draw._document;
    }

    private void Domains(HoconObject ranges)
    {
        var count = _dice.Number(ranges, "count");
        var (domains, volumes) = (new JsonObject(), new JsonObject());
        for (var i = 1; i <= count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"g{i}");
            _domains.Add(name);
            var domain = new JsonObject { ["kernel"] = _dice.Draw(ranges, "kernel") };
            foreach (var key in (string[])["type", "vcpus", "memory", "restarts", "cmdline"])
            {
                if (_dice.Draw(ranges, key) is { } value)
                {
                    domain[key] = value;
                }
            }

            if (domain["type"]?.ToString() == "pv")
            {
                domain["bootloader"] = "pygrub";
            }

            domain["disk"] = Disks(name, i, _dice.Number(ranges, "disks"), ranges, volumes);
            var nics = new JsonArray();
            for (var n = _dice.Number(ranges, "nics"); n > 0; n--)
            {
                _nics.Add((name, string.Create(CultureInfo.InvariantCulture, $"vif{nics.Count}")));
                nics.Add(string.Empty);
            }

            domain["vif"] = nics;
            domains[name] = domain;
        }

        _document["domains"] = domains;
        _document["volumes"] = volumes;
    }

    private JsonArray Disks(string domain, int number, int count, HoconObject ranges, JsonObject volumes)
    {
        var disks = new JsonArray();
        for (var k = 0; k < count; k++)
        {
            var letter = (char)('a' + k);
            var path = string.Create(CultureInfo.InvariantCulture, $"/dev/vg/g{number}{letter}");
            disks.Add($"{_dice.Text(ranges, "backend")}:{path},{_dice.Text(ranges, "disk-prefix")}{letter},w");
            _disks.Add((domain, $"xvd{letter}", path));
            volumes[path] = new JsonObject { ["size"] = _dice.Text(ranges, "volume-size") };
        }

        return disks;
    }

    private void Workloads(HoconObject ranges)
    {
        var workloads = new JsonObject();
        for (var i = _dice.Number(ranges, "count"); i > 0; i--)
        {
            var kind = _dice.Text(ranges, "kind");
            var workload = new JsonObject { ["kind"] = kind };
            if (kind == "fio" && _disks.Count > 0)
            {
                var (domain, disk, _) = _dice.Pick(_disks);
                workload["domain"] = domain;
                workload["filename"] = disk;
                _used.Add((domain, disk));

                // Behind the partition table, and each where no other writes: jobs know of their own writes only.
                workload["offset"] = string.Create(CultureInfo.InvariantCulture, $"{(workloads.Count + 1) * JobSpace} MiB");
            }
            else if (kind == "net" && _nics.Count > 0)
            {
                var sender = _dice.Pick(_nics).Domain;
                var others = _nics.Where(n => n.Domain != sender).ToList();
                workload["domain"] = sender;
                workload["peer"] = others.Count > 0 ? _dice.Pick(others).Domain : sender;
            }
            else
            {
                workload["domain"] = _domains.Count > 0 && _dice.Chance(0.6) ? _dice.Pick(_domains) : "dom0";
            }

            var settings = ranges.GetObject(kind);
            foreach (var key in settings.Keys)
            {
                workload[key] = _dice.Draw(settings, key);
            }

            workloads[string.Create(CultureInfo.InvariantCulture, $"w{workloads.Count + 1}")] = workload;
        }

        _document["workloads"] = workloads;
    }

    private void Commands(HoconObject ranges)
    {
        var commands = new JsonObject();
        for (var i = _dice.Number(ranges, "count"); i > 0; i--)
        {
            var line = _dice.Text(ranges, "line");
            var idle = line.Contains("detach", StringComparison.Ordinal) ? _disks.Where(d => !_used.Contains((d.Domain, d.Disk))).ToList() : _disks;
            if (line.Contains("USED", StringComparison.Ordinal))
            {
                idle = _disks.Where(d => _used.Contains((d.Domain, d.Disk))).ToList();
            }

            var (domain, disk, _) = idle.Count > 0 ? _dice.Pick(idle) : (_domains.Count > 0 ? _dice.Pick(_domains) : "dom0", "xvdz", "");
            var command = new JsonObject
            {
                ["run"] = line.Replace("DOMAIN", domain, StringComparison.Ordinal).Replace("DISK", disk, StringComparison.Ordinal).Replace("USED", disk, StringComparison.Ordinal),
            };
            Moment(ranges, command);
            commands[string.Create(CultureInfo.InvariantCulture, $"c{commands.Count + 1}")] = command;
        }

        if (commands.Count > 0)
        {
            _document["commands"] = commands;
        }
    }

    // Of all kinds that the file allows a random subset is on in each run, so that what one kind hides another run shows.
    private void Faults(HoconObject ranges)
    {
        var allowed = FaultCatalog.All.Where(k => Allowed(ranges, k)).ToList();
        var on = allowed.Where(_ => _dice.Chance(0.5)).ToList();
        var faults = new JsonObject();
        for (var i = _dice.Number(ranges, "count"); i > 0 && on.Count > 0; i--)
        {
            var kind = _dice.Pick(on);
            var fault = new JsonObject { ["kind"] = kind.Name };
            if (!Targets(kind, fault))
            {
                continue;
            }

            Settings(kind, ranges, fault);
            Moment(ranges, fault);
            fault["heal-after"] = _dice.Draw(ranges, "lasts");
            faults[string.Create(CultureInfo.InvariantCulture, $"f{faults.Count + 1}")] = fault;
        }

        if (faults.Count > 0)
        {
            _document["faults"] = faults;
        }
    }

    // A time, or a message that some driver or the store handles: where the interesting places are, nobody knows beforehand.
    private void Moment(HoconObject ranges, JsonObject happens)
    {
        var messages = ranges.Has("device-messages") && happens.ContainsKey("device") ? "device-messages" : "messages";
        if (ranges.Has(messages) && _dice.Chance(0.75))
        {
            happens["on"] = new JsonObject { ["message"] = _dice.Text(ranges, messages), ["nth"] = _dice.Draw(ranges, "nth") };
        }
        else
        {
            happens["at"] = _dice.Draw(ranges, "at");
        }
    }

    // The last word that fits decides: all, a name, a beginning with *, each with - before it for what is left out.
    private static bool Allowed(HoconObject ranges, FaultKind kind)
    {
        var allowed = !ranges.Has("kinds");
        foreach (var word in ranges.Has("kinds") ? ranges.GetStringList("kinds") : [])
        {
            var name = word.StartsWith('-') ? word[1..] : word;
            if (name == "all" || name == kind.Name || (name.EndsWith('*') && kind.Name.StartsWith(name[..^1], StringComparison.Ordinal)))
            {
                allowed = name == word;
            }
        }

        return allowed;
    }

    // A kind's own ranges, else those for every parameter of a name; words of a choice are drawn anyway, and the rest has its default.
    private void Settings(FaultKind kind, HoconObject ranges, JsonObject fault)
    {
        var own = ranges.TryGetObject("settings", out var all) && all.TryGetObject(kind.Name, out var given) ? given : null;
        var common = ranges.TryGetObject("parameters", out var shared) ? shared : null;
        foreach (var parameter in kind.Parameters)
        {
            if (fault.ContainsKey(parameter.Name))
            {
                continue;
            }

            var drawn = (own is null ? null : _dice.Draw(own, parameter.Name)) ?? (common is null ? null : _dice.Draw(common, parameter.Name))
                ?? (parameter.Words.Count > 0 ? JsonValue.Create(_dice.Pick(parameter.Words)) : null);
            if (drawn is not null && drawn.ToString() != parameter.Default)
            {
                fault[parameter.Name] = drawn;
            }
        }
    }

    // What the kind must be told and the file's settings cannot know.
    private bool Targets(FaultKind kind, JsonObject fault)
    {
        foreach (var parameter in kind.Parameters)
        {
            var target = parameter.Value switch
            {
                FaultValue.Device => Device(),
                FaultValue.Domain => _domains.Count > 0 ? _dice.Pick(_domains) : null,
                FaultValue.Volume => _disks.Count > 0 ? _dice.Pick(_disks).Path : null,
                FaultValue.Place => Place(fault),
                _ => null,
            };
            if (target is not null)
            {
                fault[parameter.Name] = target;
            }
            else if (parameter.Default is null)
            {
                return false;
            }
        }

        return true;
    }

    private string? Device()
    {
        if (_disks.Count + _nics.Count == 0)
        {
            return null;
        }

        if (_used.Count > 0 && _dice.Chance(0.8))
        {
            var (domain, disk) = _dice.Pick(_used);
            return $"{domain}/{disk}";
        }

        var place = (int)_dice.Between(0, _disks.Count + _nics.Count - 1);
        return place < _disks.Count ? $"{_disks[place].Domain}/{_disks[place].Disk}" : $"{_nics[place - _disks.Count].Domain}/{_nics[place - _disks.Count].Nic}";
    }

    // Links lead from dom0 to the others, and back.
    private string Place(JsonObject fault)
    {
        var other = string.Create(CultureInfo.InvariantCulture, $"dom{_dice.Between(1, Math.Max(1, _domains.Count))}");
        return fault.Any(f => f.Value?.ToString() == "dom0") ? other : fault.Any(f => f.Value?.ToString().StartsWith("dom", StringComparison.Ordinal) == true) || _dice.Chance(0.5) ? "dom0" : other;
    }
}
