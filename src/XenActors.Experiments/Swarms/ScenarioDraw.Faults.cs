using System.Globalization;
using System.Text.Json.Nodes;
using XenActors.Experiments.Faults;
using XenActors.Hocon;

namespace XenActors.Experiments.Swarms;

/// <summary>What goes wrong in a drawn scenario, and when.</summary>
internal sealed partial class ScenarioDraw
{
    private const string Switch = "net";

    // Of all kinds that the file allows a random subset is on in each run, so that what one kind hides another run shows.
    private void Faults(HoconObject ranges)
    {
        // Links are between hosts.
        var allowed = FaultCatalog.All.Where(k => Allowed(ranges, k) && (k.Subject != FaultSubject.Links || _hosts.Count > 1)).ToList();
        var on = allowed.Where(_ => _dice.Chance(0.5)).ToList();
        var faults = new JsonObject();
        for (var i = _dice.Number(ranges, "count"); i > 0 && on.Count > 0; i--)
        {
            var kind = _dice.Pick(on);
            var fault = new JsonObject { ["kind"] = kind.Name };
            if (_hosts.Count > 0 && !kind.Parameters.Any(p => p.Value is FaultValue.Device or FaultValue.Domain or FaultValue.Volume))
            {
                fault["host"] = _dice.Pick(_hosts);
            }

            if (!Targets(kind, fault))
            {
                continue;
            }

            Settings(kind, ranges, fault);
            var device = DeviceOf(fault);
            var atState = AtState(ranges, fault, device);
            var fits = !atState && ranges.Has("fitting") && _dice.Chance(Probability(ranges, "fitting")) && Fits(kind, fault, device);
            if (!atState && !fits)
            {
                Moment(ranges, fault);
            }

            // Between two commands, or two scripts, lie seconds.
            fault["heal-after"] = fits && kind.Subject is FaultSubject.Hotplug or FaultSubject.Toolstack
                ? JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{_dice.Between(5, 30)}s"))
                : Own(kind, ranges) is { } own && own.Has("lasts") ? _dice.Draw(own, "lasts") : _dice.Draw(ranges, "lasts");
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

    // A device's end gets to a state: what comes then comes into its making, its handshake, or its end.
    private bool AtState(HoconObject ranges, JsonObject happens, DrawnDevice? device)
    {
        var drawn = device is not null && ranges.Has("states") && _dice.Chance(Probability(ranges, "states"));
        if (drawn)
        {
            happens["on"] = new JsonObject { ["device"] = device!.Text, ["end"] = _dice.Pick(Ends), ["state"] = _dice.Between(1, 6) };
        }

        return drawn;
    }

    private static readonly string[] Ends = ["front", "back"];

    private DrawnDevice? DeviceOf(JsonObject fault) => fault["device"]?.ToString() is { } text ? _disks.Concat(_nics).First(d => d.Text == text) : null;

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

    private static HoconObject? Own(FaultKind kind, HoconObject ranges) =>
        ranges.TryGetObject("settings", out var all) && all.TryGetObject(kind.Name, out var given) ? given : null;

    // A kind's own ranges, else those for every parameter of a name; words of a choice are drawn anyway, and the rest has its default.
    private void Settings(FaultKind kind, HoconObject ranges, JsonObject fault)
    {
        var own = Own(kind, ranges);
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
                FaultValue.Domain => _domains.Count > 0 ? Domain() : null,
                FaultValue.Volume => _disks.Count > 0 ? Volume(fault) : null,
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
        List<DrawnDevice> all = [.. _disks, .. _nics];
        return all.Count == 0 ? null : (_used.Count > 0 && _dice.Chance(0.8) ? _dice.Pick(_used) : _dice.Pick(all)).Text;
    }

    private string Domain() =>
        (_used.Count + _written.Count > 0 && _dice.Chance(0.6) ? _dice.Pick([.. _used.Select(d => d.Domain), .. _written]) : _dice.Pick(_domains)).Name;

    // The disks of its own host.
    private string Volume(JsonObject fault)
    {
        var used = _used.Where(d => d.Path.Length > 0).ToList();
        var disk = used.Count > 0 && _dice.Chance(0.8) ? _dice.Pick(used) : _dice.Pick(_disks);
        if (disk.Domain.Host.Length > 0)
        {
            fault["host"] = disk.Domain.Host;
        }

        return disk.Path;
    }

    // Links lead from a host to the switch, and back.
    private string Place(JsonObject fault) =>
        fault["from"] is not { } from ? (_dice.Chance(0.5) ? Switch : _dice.Pick(_hosts)) : from.ToString() == Switch ? _dice.Pick(_hosts) : Switch;

    // At a message that the kind acts on, of the very device or domain that it is aimed at.
    private bool Fits(FaultKind kind, JsonObject fault, DrawnDevice? device)
    {
        var domain = fault["domain"]?.ToString() is { } name ? _domains.Find(d => d.Name == name) : null;
        var host = fault["host"]?.ToString() is { } given ? given + "/" : _hosts.Count > 0 ? _hosts[0] + "/" : "";
        var occasions = device is not null ? Occasion.Of(device, _used.Contains(device)) : Occasion.Of(kind, domain, host);
        if (occasions.Count == 0)
        {
            return false;
        }

        var occasion = _dice.Pick(occasions);
        fault["on"] = new JsonObject { ["message"] = occasion.Message, ["actor"] = occasion.Actor, ["nth"] = _dice.ByMagnitude(1, occasion.Most) };
        return true;
    }
}
