using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A fault of a run: waiting, installed, or healed.</summary>
internal sealed class ScheduledFault(FaultSpec spec, IScenarioFault fault)
{
    public FaultSpec Spec { get; } = spec;

    public IScenarioFault Fault { get; } = fault;

    public VirtualTime? Installed { get; set; }

    public VirtualTime? Healed { get; set; }

    public Happening? Begin { get; set; }

    public Happening? End { get; set; }

    /// <summary>It is there and will go.</summary>
    public bool Heals => Spec.Heal != new FaultMoment();

    public FaultReport Report => new(Spec.Name, Spec.Kind, Installed, Healed, Fault.Acts);
}

/// <summary>What a run asks of a fault.</summary>
internal interface IScenarioFault
{
    /// <summary>How often it did something.</summary>
    long Acts { get; }

    /// <summary>What it may rightly end (see <see cref="Checkers.CheckedRun.Degraded"/>).</summary>
    IReadOnlyList<string> Degrades { get; }

    /// <summary>It lasts until it is healed; otherwise it has done what it does when it is installed.</summary>
    bool Lasts { get; }

    void Install();

    void Heal();
}
