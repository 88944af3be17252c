using System.Globalization;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Xenbus;

/// <summary>A split device as its two state nodes show it.</summary>
internal sealed class WatchedDevice(string type, ushort domain, string number)
{
    /// <summary>The frontend's type: <c>vbd</c> for qdisk, too.</summary>
    public string Type { get; } = type;

    public ushort Domain { get; } = domain;

    public string Number { get; } = number;

    public string Name { get; } = $"dom{domain}/{type}/{number}";

    /// <summary>Unknown while there is no such node.</summary>
    public XenbusState Front { get; set; }

    public XenbusState Back { get; set; }

    /// <summary>When the backend was last told to close.</summary>
    public VirtualTime? Closes { get; set; }

    /// <summary>The backend was told to close, and has been Closed since: what it has begun anew after that keeps nobody from clearing it away.</summary>
    public bool HasClosed { get; set; }

    /// <summary>Who unplugs has written the backend's <c>online</c>: 0.</summary>
    public bool IsUnplugged { get; set; }

    /// <summary>The backend was in the midst of its handshake when it was told to close.</summary>
    public bool ClosesConnecting { get; set; }

    /// <summary>Both ends were Connected at the last look, and the backend had not mapped its rings.</summary>
    public bool HasNoRings { get; set; }

    /// <summary>It has changed since the last slice.</summary>
    public bool Changed { get; set; }
}

/// <summary>What a path of a state node says about whose state it is. Each path is looked at once.</summary>
internal sealed class StatePaths
{
    private readonly Dictionary<string, (WatchedDevice Device, bool Front)?> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WatchedDevice?> _online = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, WatchedDevice> _devices = new(StringComparer.Ordinal);

    public IEnumerable<WatchedDevice> Devices => _devices.Values;

    /// <summary>Null for any other node.</summary>
    public (WatchedDevice Device, bool Front)? Find(string path)
    {
        if (!path.EndsWith("/state", StringComparison.Ordinal))
        {
            return null;
        }

        if (!_known.TryGetValue(path, out var found))
        {
            found = Parse(path);
            _known.Add(path, found);
        }

        return found;
    }

    /// <summary>The device whose backend's <c>online</c> this is; null for any other node.</summary>
    public WatchedDevice? FindOnline(string path)
    {
        if (!path.EndsWith("/online", StringComparison.Ordinal))
        {
            return null;
        }

        if (!_online.TryGetValue(path, out var found))
        {
            found = Parse($"{path[..path.LastIndexOf('/')]}/state") is (var device, false) ? device : null;
            _online.Add(path, found);
        }

        return found;
    }

    // /local/domain/<fe>/device/<type>/<n>/state or /local/domain/<be>/backend/<kind>/<fe>/<n>/state
    private (WatchedDevice, bool)? Parse(string path)
    {
        var parts = path.Split('/');
        return parts switch
        {
            ["", "local", "domain", var domain, "device", var type, var number, "state"] => Of(domain, type, number) is { } device ? (device, true) : null,
            ["", "local", "domain", _, "backend", var kind, var domain, var number, "state"] => Of(domain, kind, number) is { } device ? (device, false) : null,
            _ => null,
        };
    }

    private WatchedDevice? Of(string domain, string kind, string number)
    {
        if (!ushort.TryParse(domain, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        var type = kind is "qdisk" or "vbd3" ? "vbd" : kind;
        var key = $"{domain}/{type}/{number}";
        if (!_devices.TryGetValue(key, out var device))
        {
            _devices.Add(key, device = new(type, id, number));
        }

        return device;
    }
}
