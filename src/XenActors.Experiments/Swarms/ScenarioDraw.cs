using System.Globalization;
using System.Text.Json.Nodes;
using XenActors.Experiments.Scenarios;
using XenActors.Hocon;

namespace XenActors.Experiments.Swarms;

/// <summary>Draws one scenario from a swarm file's ranges: the same one for the same seed.</summary>
internal sealed partial class ScenarioDraw
{
    /// <summary>Each job has so many MiB of a disk for itself.</summary>
    private const int JobSpace = 4;

    /// <summary>Of the kernels that unplug, one that can be told not to.</summary>
    private const string StaysPlugged = "debian12-6.1";

    private const string Pause = "xl pause ";

    private readonly HoconObject _ranges;
    private readonly Dice _dice;
    private readonly List<string> _hosts = [];
    private readonly List<DrawnDomain> _domains = [];
    private readonly List<DrawnDevice> _disks = [];
    private readonly List<DrawnDevice> _nics = [];

    // Domains with a CD drive.
    private readonly List<DrawnDomain> _cdroms = [];

    // The devices that workloads use: faults aim there, and who takes a disk away makes its job fail, and rightly.
    private readonly List<DrawnDevice> _used = [];

    // Domains whose nodes somebody else's workload writes.
    private readonly List<DrawnDomain> _written = [];
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
        draw.Hosts();
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

    // One host has no name; of several each has a profile of its own, and a network is between them.
    private void Hosts()
    {
        var count = _ranges.Has("hosts") ? _dice.Number(_ranges, "hosts") : 1;
        if (count <= 1)
        {
            _document["host"] = _dice.Text(_ranges, "host");
            return;
        }

        var hosts = new JsonObject();
        for (var i = 1; i <= count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"h{i}");
            _hosts.Add(name);
            hosts[name] = new JsonObject { ["profile"] = _dice.Text(_ranges, "host") };
        }

        _document["hosts"] = hosts;
        if (_ranges.TryGetObject("network", out var network))
        {
            _document["network"] = All(network);
        }
    }

    private void Domains(HoconObject ranges)
    {
        var count = _dice.Number(ranges, "count");
        var (domains, volumes) = (new JsonObject(), new JsonObject());
        for (var i = 1; i <= count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"g{i}");

            // No host stays empty while there are domains for it.
            var host = _hosts.Count == 0 ? "" : i <= _hosts.Count ? _hosts[i - 1] : _dice.Pick(_hosts);
            var drawn = new DrawnDomain(name, host, (ushort)(1 + _domains.Count(d => d.Host == host)));
            _domains.Add(drawn);
            var domain = new JsonObject { ["kernel"] = _dice.Draw(ranges, "kernel") };
            if (host.Length > 0)
            {
                domain["host"] = host;
            }

            foreach (var key in (string[])["type", "vcpus", "memory", "restarts", "cmdline"])
            {
                if (_dice.Draw(ranges, key) is { } value)
                {
                    domain[key] = value;
                }
            }

            var hvm = domain["type"]?.ToString() != "pv";
            var emulated = hvm && ranges.Has("emulated") && _dice.Chance(Probability(ranges, "emulated"));
            if (emulated)
            {
                (domain["kernel"], domain["cmdline"]) = (StaysPlugged, "root=/dev/sda1 ro console=hvc0 xen_emul_unplug=never");
            }
            else if (!hvm)
            {
                domain["bootloader"] = "pygrub";
            }

            domain["disk"] = Disks(drawn, i, hvm, emulated, ranges, volumes);
            domain["vif"] = Nics(drawn, emulated, ranges);
            domains[name] = domain;
        }

        _document["domains"] = domains;
        _document["volumes"] = volumes;
    }

    // A guest whose kernel leaves the emulated devices where they are sees its disks as sda, sdb, and has no paravirtual ones.
    private JsonArray Disks(DrawnDomain domain, int number, bool hvm, bool emulated, HoconObject ranges, JsonObject volumes)
    {
        var disks = new JsonArray();
        for (var count = _dice.Number(ranges, "disks"); disks.Count < count;)
        {
            var letter = (char)('a' + disks.Count);
            var path = string.Create(CultureInfo.InvariantCulture, $"/dev/vg/g{number}{letter}");
            var (backend, prefix) = (_dice.Text(ranges, "backend"), _dice.Text(ranges, "disk-prefix"));
            var vdev = (emulated ? "hd" : prefix) + letter;
            disks.Add(backend == "qdisk" && hvm ? $"format=raw,backendtype=qdisk,vdev={vdev},access=w,target={path}" : $"{(backend == "qdisk" ? "phy" : backend)}:{path},{vdev},w");
            _disks.Add(new(domain, vdev, (emulated ? "sd" : "xvd") + letter, path));
            volumes[path] = new JsonObject { ["size"] = _dice.Text(ranges, "volume-size") };
        }

        if (hvm && ranges.Has("cdroms") && _dice.Number(ranges, "cdroms") > 0)
        {
            _cdroms.Add(domain);
            disks.Add($"file:/iso/{domain.Name}.iso,hdc:cdrom,r");
        }

        return disks;
    }

    private JsonArray Nics(DrawnDomain domain, bool emulated, HoconObject ranges)
    {
        var nics = new JsonArray();
        for (var n = _dice.Number(ranges, "nics"); n > 0; n--)
        {
            if (!emulated)
            {
                _nics.Add(new(
                    domain, string.Create(CultureInfo.InvariantCulture, $"vif{nics.Count}"), string.Create(CultureInfo.InvariantCulture, $"eth{nics.Count}"), ""));
            }

            nics.Add(_dice.Draw(ranges, "vif") ?? string.Empty);
        }

        return nics;
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
                // Two jobs on one disk meet each other there, or one finds what a guest's earlier life has left.
                var busy = _used.FindAll(_disks.Contains);
                var disk = busy.Count > 0 && _dice.Chance(0.4) ? _dice.Pick(busy) : _dice.Pick(_disks);
                workload["domain"] = disk.Domain.Name;
                workload["filename"] = disk.InGuest;
                _used.Add(disk);

                // Behind the partition table, and each where no other writes: jobs know of their own writes only.
                workload["offset"] = string.Create(CultureInfo.InvariantCulture, $"{(workloads.Count + 1) * JobSpace} MiB");
            }
            else if (kind == "net" && _nics.Exists(n => n.Domain != _nics[0].Domain))
            {
                Stream(workload);
            }
            else
            {
                if (kind is "net" or "fio")
                {
                    // Without a device for it.
                    workload["kind"] = kind = "store";
                }

                workload["domain"] = kind == "hypercalls" || (_domains.Count > 0 && _dice.Chance(0.6)) ? _dice.Pick(_domains).Name : "dom0";
            }

            if (ranges.TryGetObject(kind, out var settings))
            {
                foreach (var key in settings.Keys)
                {
                    workload[key] = _dice.Draw(settings, key);
                }

                if (workload["path"]?.ToString() is { } path && path.Contains("DOMAIN", StringComparison.Ordinal))
                {
                    _written.Add(_dice.Pick(_domains));
                    workload["path"] = path.Replace("DOMAIN", _written[^1].Name, StringComparison.Ordinal);
                }
            }

            workloads[string.Create(CultureInfo.InvariantCulture, $"w{workloads.Count + 1}")] = workload;
        }

        _document["workloads"] = workloads;
    }

    // To another domain, on another host where there is one: frames that cross a link are those that links can lose.
    private void Stream(JsonObject workload)
    {
        var sender = _dice.Pick(_nics);
        var others = _nics.Where(n => n.Domain != sender.Domain).ToList();
        var far = others.Where(n => n.Domain.Host != sender.Domain.Host).ToList();
        if (_dice.Chance(0.1))
        {
            (workload["domain"], workload["peer"]) = (sender.Domain.Name, "dom0");
            _used.Add(_nics.First(n => n.Domain == sender.Domain));
            return;
        }

        var peer = far.Count > 0 && _dice.Chance(0.8) ? _dice.Pick(far) : _dice.Pick(others);
        (workload["domain"], workload["peer"]) = (sender.Domain.Name, peer.Domain.Name);

        // Of a domain's devices its first one is used.
        foreach (var end in (DrawnDevice[])[sender, peer])
        {
            _used.Add(_nics.First(n => n.Domain == end.Domain));
        }
    }

    private void Commands(HoconObject ranges)
    {
        var commands = new JsonObject();
        for (var i = _dice.Number(ranges, "count"); i > 0; i--)
        {
            var line = _dice.Text(ranges, "line");
            if (line.Contains("hdc", StringComparison.Ordinal) && _cdroms.Count == 0)
            {
                continue;
            }

            var idle = line.Contains("USED", StringComparison.Ordinal) ? _used.Where(d => d.Path.Length > 0).ToList()
                : line.Contains("detach", StringComparison.Ordinal) ? _disks.Where(d => !_used.Contains(d)).ToList()
                : line.Contains("hdc", StringComparison.Ordinal) ? _disks.Where(d => _cdroms.Contains(d.Domain)).ToList() : _disks;
            var disk = idle.Count > 0 ? _dice.Pick(idle) : new DrawnDevice(_domains.Count > 0 ? _dice.Pick(_domains) : new("dom0", "", 0), "xvdz", "xvdz", "");
            var command = new JsonObject
            {
                ["run"] = line.Replace("DOMAIN", disk.Domain.Name, StringComparison.Ordinal).Replace("DISK", disk.Name, StringComparison.Ordinal)
                    .Replace("USED", disk.Name, StringComparison.Ordinal)
                    .Replace("VOLUME", disk.Path, StringComparison.Ordinal).Replace("HOST", disk.Domain.Host, StringComparison.Ordinal).TrimEnd(),
            };
            if (line.StartsWith(Pause, StringComparison.Ordinal))
            {
                // Who is paused by hand is not paused for ever: nothing in it could finish.
                command["at"] = _dice.Draw(ranges, "at");
                commands[string.Create(CultureInfo.InvariantCulture, $"c{commands.Count + 1}")] = command;
                command = new() { ["run"] = $"xl unpause {disk.Domain.Name}", ["at"] = "40s" };
            }
            else if (!AtState(ranges, command, _disks.Contains(disk) && !line.StartsWith("xl unpause", StringComparison.Ordinal) ? disk : null))
            {
                Moment(ranges, command);
            }

            commands[string.Create(CultureInfo.InvariantCulture, $"c{commands.Count + 1}")] = command;
        }

        if (commands.Count > 0)
        {
            _document["commands"] = commands;
        }
    }

    private static double Probability(HoconObject ranges, string key) => double.Parse(ranges.GetString(key), CultureInfo.InvariantCulture);

    private JsonObject All(HoconObject ranges)
    {
        var drawn = new JsonObject();
        foreach (var key in ranges.Keys)
        {
            drawn[key] = _dice.Draw(ranges, key);
        }

        return drawn;
    }
}
