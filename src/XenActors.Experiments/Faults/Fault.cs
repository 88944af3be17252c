using XenActors.Experiments.Scenarios;
using XenActors.Simulation;

namespace XenActors.Experiments.Faults;

/// <summary>
/// One fault: made from a scenario's words, installed between runs, healed between runs. From the moment of its installation on it acts; what it
/// did is counted and told.
/// </summary>
public sealed class Fault
{
    private FaultWork? _work;

    private Fault(FaultSpec spec, FaultKind kind)
    {
        (Spec, Kind) = (spec, kind);
        Settings = new FaultSettings(spec, kind);
    }

    public FaultSpec Spec { get; }

    public FaultKind Kind { get; }

    /// <summary>Its key in the scenario's file.</summary>
    public string Name => Spec.Name;

    public bool Installed => _work is not null;

    public bool Healed { get; private set; }

    /// <summary>
    /// What it may rightly end or spoil: a device (<c>dom1/vbd/51712</c>), a domain (<c>dom1</c>), the host (<c>host</c>); nothing while it is not
    /// installed, and nothing for a benign kind.
    /// </summary>
    public IReadOnlyList<string> Degrades => _work?.Degrades ?? [];

    /// <summary>How often it has acted: once for each message, tick or order.</summary>
    public long Acts => _work?.Acts ?? 0;

    /// <summary>Its acts in words, in order of time; of very many, the first.</summary>
    public IReadOnlyList<FaultAct> Log => _work?.Log() ?? [];

    internal FaultSettings Settings { get; }

    /// <exception cref="UserErrorException">The kind or a parameter is unknown or wrong: file:line:column, what, what was expected.</exception>
    public static Fault Create(FaultSpec spec) => new(spec, FaultCatalog.Require(spec.Kind, spec.Where));

    /// <summary>It acts from <see cref="Simulator.Now"/> on.</summary>
    /// <exception cref="UserErrorException">It names a domain, a device or a volume that is not there.</exception>
    public void Install(FaultSite site)
    {
        if (_work is not null)
        {
            throw new InvalidOperationException($"{Name} is installed already");
        }

        _work = new FaultWork(this, site);
        Kind.Begin(_work);
    }

    /// <summary>It ends at <see cref="Simulator.Now"/>; a second time is none.</summary>
    public void Heal()
    {
        if (_work is { } work && !Healed)
        {
            Healed = true;
            work.End();
        }
    }
}
