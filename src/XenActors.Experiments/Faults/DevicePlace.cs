namespace XenActors.Experiments.Faults;

/// <summary>A guest's device and where its two ends live.</summary>
/// <param name="Type">As in xenstore: <c>vbd</c>, <c>vif</c>.</param>
/// <param name="Number">As in xenstore: 768, 51712, 0.</param>
public sealed record DevicePlace(ushort Domain, string Type, uint Number)
{
    /// <summary>As checkers name it: <c>dom1/vbd/768</c>.</summary>
    public string Scope => $"dom{Domain}/{Type}/{Number}";

    /// <summary>In the guest's kernel.</summary>
    public string Front => $"dom{Domain}/xenbus/{Type}-{Number}";

    /// <summary>In dom0's kernel, and in QEMU where it serves the device.</summary>
    public IReadOnlyList<string> Back => Type == "vbd"
        ? [$"dom0/xenbus/vbd-{Domain}-{Number}", $"dom0/toolstack/xl-*/qemu-{Domain}/xenbus/qdisk-{Number}"]
        : [$"dom0/xenbus/{Type}-{Domain}-{Number}"];

    /// <summary>Its directory in the guest's part of the store.</summary>
    public string FrontNode => $"/local/domain/{Domain}/device/{Type}/{Number}";

    public string BackNode => $"/local/domain/0/backend/{Type}/{Domain}/{Number}";
}
