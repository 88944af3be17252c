using XenActors.Experiments.Faults;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A fault of a run: waiting, installed, or healed.</summary>
internal sealed class ScheduledFault(Fault fault)
{
    public Fault Fault { get; } = fault;

    public FaultSpec Spec => Fault.Spec;

    public VirtualTime? Installed { get; set; }

    public VirtualTime? Healed { get; set; }

    public required Happening Begin { get; set; }

    /// <summary>It will be healed. What is not, and may end what it reaches, has done its work when it is installed.</summary>
    public bool Heals => Spec.Heal != new FaultMoment();

    /// <summary>Somebody may still suffer from it who need not.</summary>
    public bool IsOn => Installed is not null && Healed is null && (Heals || Fault.Kind.Effect == FaultEffect.Benign);

    public FaultReport Report => new(Spec.Name, Spec.Kind, Installed, Healed, Fault.Acts) { FirstActs = [.. Fault.Log.Select(a => a.Time)] };
}
