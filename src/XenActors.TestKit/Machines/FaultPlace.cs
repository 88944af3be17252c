using XenActors.Simulation;

namespace XenActors.TestKit.Machines;

/// <summary>Where a fault rule stands: an actor's path, a pattern of paths (see <see cref="Simulator.InstallOnPath"/>), or a link as <c>dom1>dom0</c>.</summary>
internal static class FaultPlace
{
    public static void Install(MachineTest test, string place, FaultRule rule)
    {
        var arrow = place.IndexOf('>', StringComparison.Ordinal);
        if (place.Contains('*', StringComparison.Ordinal))
        {
            test.Simulator.InstallOnPath(place, rule);
        }
        else if (arrow < 0)
        {
            test.Simulator.InstallOnActor(test.Find(place), rule);
        }
        else
        {
            test.Simulator.InstallOnLink(Process(test, place[..arrow]), Process(test, place[(arrow + 1)..]), rule);
        }
    }

    private static int Process(MachineTest test, string name)
    {
        var names = test.Simulator.ProcessNames;
        for (var process = 1; process < names.Count; process++)
        {
            if (names[process] == name)
            {
                return process;
            }
        }

        throw test.Failure($"there is no process {name}; there are {string.Join(", ", names.Skip(1))}");
    }
}
