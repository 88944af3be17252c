using System.Globalization;
using XenActors.Hypervisor.Domains;
using XenActors.Machine;

namespace XenActors.Experiments.Checkers;

/// <summary>Which guests there are.</summary>
internal static class GuestLives
{
    /// <summary>The domain exists, running, paused or shut down.</summary>
    public static bool IsAlive(XenMachine machine, ushort domain) =>
        domain == 0 || (machine.Places.Has(domain) && machine.Simulator.StateOf<DomainState>(machine.Places.Domain(domain)) is { Spec: not null });

    /// <summary>The guest that a backend's node is for: <c>backend/vbd/29/768</c> is domain 29's.</summary>
    public static ushort? FrontendOf(string node)
    {
        var parts = node.Split('/');
        return parts.Length > 2 && ushort.TryParse(parts[^2], CultureInfo.InvariantCulture, out var domain) ? domain : null;
    }
}
