using XenActors.Experiments.Placement;
using XenActors.Hocon;

namespace XenActors.Experiments.Scenarios;

/// <summary>Reads <c>placement { }</c>.</summary>
internal static class PlacementBinder
{
    private const int NodesMax = 1024;

    private static readonly SortedDictionary<string, PlacementStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["by-host"] = PlacementStrategy.ByHost,
        ["by-domain"] = PlacementStrategy.ByDomain,
        ["explicit"] = PlacementStrategy.Explicit,
        ["balanced"] = PlacementStrategy.Balanced,
    };

    public static ScenarioPlacement Bind(HoconObject written, HoconObject reference)
    {
        var settings = new ScenarioSettings(written, reference, "the placement", "strategy", "explicit");
        var strategy = Strategies.TryGetValue(settings.Text("strategy"), out var known) ? known : throw settings.Wrong("strategy", "by-host, by-domain, explicit or balanced");
        var processes = settings.Section.GetObject("explicit");
        List<PlacedProcess> placed = [];
        foreach (var name in processes.Keys)
        {
            processes.TryGetField(name, out var value);
            placed.Add(int.TryParse(value.IsNull ? "" : value.AsString(name), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var node) && node < NodesMax
                ? new(name, node, value.Origin.ToString())
                : throw new HoconException(value.Origin, $"expected a node's number from 0 to {NodesMax - 1} at '{name}' but found {value.Describe()}"));
        }

        return strategy == PlacementStrategy.Explicit && placed.Count == 0
            ? throw new HoconException(settings.Section.Get("strategy").Origin, "expected processes and their nodes in 'explicit' but found none")
            : new() { Strategy = strategy, Explicit = placed };
    }
}
