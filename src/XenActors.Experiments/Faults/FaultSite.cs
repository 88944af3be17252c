using System.Globalization;
using System.Text;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Faults;

/// <summary>Where faults are installed: a machine, and the names that a scenario's author knows its parts by.</summary>
public sealed class FaultSite
{
    private readonly XenMachine? _machine;
    private readonly IReadOnlyList<string> _guests;
    private readonly IReadOnlyList<DomainConfig> _configs = [];
    private readonly IVolumes? _volumes;

    /// <param name="guests">Names, in the order of <see cref="XenMachine.Guests"/>.</param>
    /// <param name="configs">In the same order: by them a disk has the name that its guest has for it, too.</param>
    /// <param name="volumes">The host's; needed by faults of one volume.</param>
    public FaultSite(XenMachine machine, IReadOnlyList<string> guests, IReadOnlyList<DomainConfig> configs, IVolumes? volumes = null)
    {
        (_machine, _guests, _configs, _volumes) = (machine, guests, configs, volumes);
        Simulator = machine.Simulator;
        var dom0 = Simulator.ProcessNames[machine.Places.Processes[0]];
        Prefix = dom0[..^"dom0".Length];
    }

    /// <summary>A simulation without a host: faults of links only.</summary>
    public FaultSite(Simulator simulator)
    {
        (Simulator, _guests) = (simulator, []);
    }

    public Simulator Simulator { get; }

    public XenMachine Machine => _machine ?? throw new InvalidOperationException("this simulation has no Xen host");

    /// <summary>What stands before the paths of the host's actors: <c>alpha/</c>; nothing for a host that is alone.</summary>
    public string Prefix { get; } = "";

    /// <summary>Null where the simulation has no host.</summary>
    public XenMachine? Host => _machine;

    internal ushort Domain(string name, string where)
    {
        if (name is "dom0" or "Domain-0" or "0")
        {
            return 0;
        }

        for (var i = 0; i < _guests.Count; i++)
        {
            if (_guests[i] == name)
            {
                return Machine.Current(i);
            }
        }

        var digits = name.StartsWith("dom", StringComparison.Ordinal) ? name[3..] : name;
        return ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Machine.Guests.Contains(number)
            ? number
            : throw new UserErrorException($"{where}: there is no domain {name}{NearestName.Suggest(name, _guests)}; there are dom0 and {string.Join(", ", _guests)}");
    }

    /// <summary>As <c>web/xvda</c>, <c>web/vif0</c>, <c>1/768</c>.</summary>
    internal DevicePlace Device(string text, string where)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var domain = Domain(text[..slash], where);
        if (domain == 0)
        {
            throw new UserErrorException($"{where}: {text}: dom0 has no devices of its own: expected a guest's");
        }

        var device = text[(slash + 1)..];
        return uint.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(domain, "vbd", number)
            : DevicePlace.Named(domain, device, ConfigOf(text[..slash])) ?? throw new UserErrorException($"{where}: {device} is no device: expected one as xvda, hda, vif0 or 51712");
    }

    private DomainConfig? ConfigOf(string guest)
    {
        for (var i = 0; i < _configs.Count; i++)
        {
            if (_guests[i] == guest)
            {
                return _configs[i];
            }
        }

        return null;
    }

    internal VolumeId Volume(string path, string where) =>
        _volumes?.Find(path)?.Id ?? throw new UserErrorException($"{where}: the host has no volume {path}");

    internal int Process(string name, string where)
    {
        // A host's cable is at its dom0.
        var names = Simulator.ProcessNames;
        for (var i = 1; i < names.Count; i++)
        {
            if (names[i] == name || (names[i].EndsWith("/dom0", StringComparison.Ordinal) && names[i][..^5] == name))
            {
                return i;
            }
        }

        throw new UserErrorException($"{where}: there is no place {name}{NearestName.Suggest(name, names.Skip(1))}; there are {string.Join(", ", names.Skip(1))}");
    }

    /// <summary>A node's value, or null.</summary>
    internal string? Read(string node) => Machine.Store.Dump().FirstOrDefault(n => n.Path == node) is { } found ? Encoding.Latin1.GetString(found.Value.Span) : null;
}
