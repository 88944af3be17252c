using System.Globalization;

namespace XenActors.Experiments.Timelines;

/// <summary>One end of a split device.</summary>
/// <param name="Domain">The frontend's domain, for both ends.</param>
/// <param name="Type">As <c>vbd</c>.</param>
/// <param name="Id">As <c>768</c>, or a network device's handle.</param>
/// <param name="Back">The backend's end.</param>
public readonly record struct DeviceEnd(ushort Domain, string Type, string Id, bool Back)
{
    private const string DomainsPath = "/local/domain/";

    /// <summary>As <c>dom1/vbd/768</c>.</summary>
    public string Device => string.Create(CultureInfo.InvariantCulture, $"dom{Domain}/{Type}/{Id}");

    /// <summary>As <c>dom1/vbd/768 frontend</c>.</summary>
    public override string ToString() => $"{Device} {(Back ? "backend" : "frontend")}";

    /// <summary>What every actor of this end has in its path: the driver's own name below its domain's xenbus.</summary>
    public string DriverName => Back ? string.Create(CultureInfo.InvariantCulture, $"{Type}-{Domain}-{Id}") : $"{Type}-{Id}";

    /// <summary>
    /// The end whose state is kept in this node of xenstore: <c>/local/domain/1/device/vbd/768/state</c> or
    /// <c>/local/domain/0/backend/vbd/1/768/state</c>.
    /// </summary>
    public static bool TryOfStateNode(string path, out DeviceEnd end)
    {
        end = default;
        if (!path.StartsWith(DomainsPath, StringComparison.Ordinal) || !path.EndsWith("/state", StringComparison.Ordinal))
        {
            return false;
        }

        var parts = path[DomainsPath.Length..].Split('/');
        switch (parts)
        {
            case [var own, "device", var type, var id, _] when Number(own, out var domain):
                end = new(domain, type, id, false);
                return true;
            case [_, "backend", var type, var front, var id, _] when Number(front, out var domain):
                end = new(domain, type, id, true);
                return true;
            default:
                return false;
        }
    }

    private static bool Number(string text, out ushort number) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
