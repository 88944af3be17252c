using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers;

/// <summary>A run as checkers see it.</summary>
public sealed class CheckedRun(XenMachine machine)
{
    public XenMachine Machine { get; } = machine;

    public Simulator Simulator => Machine.Simulator;

    /// <summary>Some fault is installed now.</summary>
    public bool FaultsOn { get; set; }

    /// <summary>Some fault was installed at any time.</summary>
    public bool AnyFault { get; set; }

    /// <summary>When the last fault was healed; null while one is on, or when there was none.</summary>
    public VirtualTime? AllHealedAt { get; set; }

    /// <summary>
    /// What installed faults may rightly have ended, in the order of installation: a device (<c>dom1/vbd/51712</c>), a domain (<c>dom1</c>) or the host
    /// (<c>host</c>).
    /// </summary>
    public List<string> Degraded { get; } = [];
}
