namespace XenActors.Experiments.Faults;

/// <summary>A kind of fault: what a scenario file names, and what <c>xenactors faults</c> lists.</summary>
public sealed class FaultKind
{
    /// <summary>As a scenario file names it: <c>event-drop</c>.</summary>
    public required string Name { get; init; }

    public required FaultSubject Subject { get; init; }

    /// <summary>What it does, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>The advisories, incidents or everyday events that it stands for.</summary>
    public required string StandsFor { get; init; }

    /// <summary>Where in the model it acts.</summary>
    public required string Place { get; init; }

    /// <summary>What its end means.</summary>
    public required string Heals { get; init; }

    public required FaultEffect Effect { get; init; }

    /// <summary>What it degrades may have old or repeated data afterwards: programs cannot tell, and are not blamed.</summary>
    public bool VoidsData => Effect == FaultEffect.Corrupting || LosesOrder;

    /// <summary>It corrupts nothing itself, but what lay in a cache without a flush may be old or new, or what a backend answered out of turn may be done twice.</summary>
    internal bool LosesOrder { get; init; }

    public IReadOnlyList<FaultParameter> Parameters { get; init; } = [];

    internal Action<FaultWork> Begin { get; init; } = static _ => { };

    public FaultParameter? Find(string parameter) => Parameters.FirstOrDefault(p => p.Name == parameter);
}
