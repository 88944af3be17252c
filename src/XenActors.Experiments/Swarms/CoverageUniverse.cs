using System.Reflection;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Checkers.Machine;
using XenActors.Experiments.Faults;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Swarms;

/// <summary>All that a swarm can reach, so that what none of its runs did can be told.</summary>
public static class CoverageUniverse
{
    // Each with its reason.
    private static readonly string[] NotOfScenarios =
    [
        // What a client from outside of the simulation says when it goes, and the answer to it.
        "XenActors.Xenstore.XsClose", "XenActors.Xenstore.XsClosed",

        // Only a driver with a defect says it.
        "XenActors.Hypervisor.Grants.ForceEndAccess",

        // QEMU finds a disk's file missing: all volumes of a scenario are there.
        "XenActors.DeviceModel.DeviceModelFailed",
    ];

    /// <summary>Kinds of faults.</summary>
    public static IReadOnlyList<string> Faults { get; } = [.. FaultCatalog.All.Select(k => k.Name)];

    /// <summary>
    /// Types of messages that some actor of a Xen host handles: parameters of its <c>On</c> methods and of those for a behaviour, by full name. Without what
    /// only clients from outside of the simulation say, in namespaces of that name, and without what no scenario can say.
    /// </summary>
    public static IReadOnlyList<string> Messages { get; } = [.. Handled(typeof(XenMachine).Assembly)];

    /// <summary>Checkers, and the comparison of runs with each other.</summary>
    public static IReadOnlyList<string> Checkers { get; } = [.. CheckerCatalog.All.Select(c => c.Name), Determinism.Name];

    /// <summary>Branches of all checkers, as <c>checker: branch</c>, in the order of their declarations.</summary>
    public static IReadOnlyList<string> Branches { get; } = 
    [
        .. CheckerCatalog.CreateAll().SelectMany(c => c.AllBranches.Select(b => $"{c.Name}: {b}")),
        .. Determinism.AllBranches.Select(b => $"{Determinism.Name}: {b}"),
    ];

    private static SortedSet<string> Handled(Assembly assembly)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in assembly.GetTypes().Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.IsSubclassOf(typeof(Actor))))
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            {
                if ((method.Name == "On" || method.IsDefined(typeof(WhenAttribute))) && method.GetParameters() is [{ IsIn: true } message]
                    && message.ParameterType.GetElementType() is { } handled && handled.Namespace?.EndsWith(".Outside", StringComparison.Ordinal) != true
                    && Array.IndexOf(NotOfScenarios, handled.FullName) < 0)
                {
                    names.Add(handled.FullName!);
                }
            }
        }

        return names;
    }
}
