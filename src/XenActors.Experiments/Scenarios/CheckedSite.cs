using XenActors.Experiments.Checkers;
using XenActors.Experiments.Faults;

namespace XenActors.Experiments.Scenarios;

/// <summary>A host of a run with what looks at it, and where its faults are installed.</summary>
internal sealed class CheckedSite(ScenarioSite site, CheckedRun run, FaultSite faults, IReadOnlyList<Checker> checkers)
{
    public ScenarioSite Site { get; } = site;

    public CheckedRun Run { get; } = run;

    public FaultSite Faults { get; } = faults;

    public IReadOnlyList<Checker> Checkers { get; } = checkers;

    /// <summary>How many of the operator's answers have been read: of xl commands, of CDs, of restarts of xenstored.</summary>
    public int CommandsRead { get; set; }

    public int CdsRead { get; set; }

    public int RestartsRead { get; set; }

    public void Degrade(string target)
    {
        if (!Run.Degraded.Contains(target))
        {
            Run.Degraded.Add(target);
        }
    }

    /// <summary>Something of a domain, or all of the host, may rightly have ended.</summary>
    public bool IsDegraded(ushort domain) => Run.Degraded.Names(domain);

    /// <summary>This may rightly have ended: a device as <c>dom1/vbd/51712</c>, or what it is part of; a domain itself as <c>dom1</c>, whatever has become of its devices.</summary>
    public bool IsDegraded(string scope) => Run.Excuse(scope);
}
