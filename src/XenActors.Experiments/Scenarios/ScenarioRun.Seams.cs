using XenActors.Experiments.Checkers;
using XenActors.Experiments.Profiles;

namespace XenActors.Experiments.Scenarios;

/// <summary>Names of a scenario file become checkers, faults and commands.</summary>
public sealed partial class ScenarioRun
{
    private const string All = "all";

    private static List<Checker> CheckersOf(Scenario scenario)
    {
        var names = CheckerCatalog.All.Select(c => c.Name).ToList();
        var unknown = scenario.Checkers.FirstOrDefault(c => c != All && !names.Contains(c));
        return unknown is not null
            ? throw new UserErrorException($"{scenario.CheckersAt}: expected a checker or all but found '{unknown}'{HostSettings.Nearest(unknown, names)}; there are {string.Join(", ", names)}")
            : scenario.Checkers.Contains(All) ? CheckerCatalog.CreateAll() : [.. scenario.Checkers.Select(c => CheckerCatalog.Create(c)!)];
    }

    private void Type(int place) => _commands[place] = _commands[place] with { At = _simulator.Now };

    // Without what a fault may rightly have ended.
    private List<string> Pending() => [.. Checkers.Machine.Pending.Of(_machine.Machine).Where(p => !_checked.Excuse(p.Who)).Select(p => p.ToString())];
}
