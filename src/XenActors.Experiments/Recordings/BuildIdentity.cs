using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>Which build of the simulation this is: the same source, built the same way, has the same identity.</summary>
internal static class BuildIdentity
{
    public static string Text { get; } = $"{typeof(Simulator).Module.ModuleVersionId:n}-{typeof(XenMachine).Module.ModuleVersionId:n}";

    public static string Version { get; } = typeof(XenMachine).Assembly.GetName().Version?.ToString(3) ?? "0";
}
