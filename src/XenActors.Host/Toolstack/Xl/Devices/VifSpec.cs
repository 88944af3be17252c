namespace XenActors.Toolstack.Xl;

/// <summary>One network interface as xl understood it (libxl_device_nic). Null was not given.</summary>
public sealed record VifSpec
{
    /// <summary>The place in the file's list; null for a hot-plugged one, which gets the next free number.</summary>
    public ulong? Devid { get; init; }

    public ulong? Mtu { get; init; }

    public string? Model { get; init; }

    /// <summary>Zero if none was given: libxl then draws one in 00:16:3e.</summary>
    public MacAddress Mac { get; init; }

    public string? Ip { get; init; }

    public string? Bridge { get; init; }

    public string? IfName { get; init; }

    public string? Script { get; init; }

    public NicType Type { get; init; }

    public VifRate? Rate { get; init; }

    public string? BackendDomain { get; init; }

    public string? GatewayDev { get; init; }

    public string? Vlan { get; init; }

    public bool? Trusted { get; init; }

    /// <summary>forwarddev and the colo_* keys, in the order given; kept, and without effect here.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Colo { get; init; } = [];
}
