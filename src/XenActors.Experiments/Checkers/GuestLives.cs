using System.Globalization;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers;

/// <summary>Which guests there are, by the hypervisor's state.</summary>
internal static class GuestLives
{
    /// <summary>A guest that has begun to run and has not ended; it may be paused.</summary>
    public static bool IsAlive(XenMachine machine, ushort domain) =>
        domain == 0 || (StateOf(machine, domain) is { Spec: not null, Kernel.IsNone: false } state && machine.Simulator.IsAlive(state.Kernel));

    /// <summary>It is alive, has not shut down, and nobody holds it.</summary>
    public static bool Runs(XenMachine machine, ushort domain) =>
        domain == 0 || (IsAlive(machine, domain) && machine.Domain(domain) is { PauseCount: 0, Status: DomainStatus.Alive });

    public static DomainState? StateOf(XenMachine machine, ushort domain) =>
        machine.Places.Has(domain) ? machine.Simulator.StateOf<DomainState>(machine.Places.Domain(domain)) : null;

    /// <summary>The guest that a backend's node is for: <c>backend/vbd/29/768</c> is domain 29's.</summary>
    public static ushort? FrontendOf(string node)
    {
        var parts = node.Split('/');
        return parts.Length > 2 && ushort.TryParse(parts[^2], CultureInfo.InvariantCulture, out var domain) ? domain : null;
    }
}
