using XenActors.Experiments.Checkers;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>What a run came to. The same for one scenario and one seed, on every engine.</summary>
public sealed record ScenarioOutcome
{
    public required Scenario Scenario { get; init; }

    public required ulong Seed { get; init; }

    public required Fingerprint Fingerprint { get; init; }

    public required long Events { get; init; }

    /// <summary>When the run ended.</summary>
    public required VirtualTime End { get; init; }

    /// <summary>Why it ended: in words.</summary>
    public required string EndedBy { get; init; }

    public required IReadOnlyList<DomainReport> Domains { get; init; }

    public required IReadOnlyList<WorkloadReport> Workloads { get; init; }

    public required IReadOnlyList<CommandReport> Commands { get; init; }

    public required IReadOnlyList<FaultReport> Faults { get; init; }

    public required IReadOnlyList<CheckerReport> Checkers { get; init; }

    /// <summary>All that checkers have found, in the order of virtual time.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>What waited for what when the run ended without everything being done.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>Handled messages by type, when they were counted.</summary>
    public SortedDictionary<string, long> Messages { get; init; } = new(StringComparer.Ordinal);

    public bool Holds => Violations.Count == 0;
}

/// <param name="State">How it ended up: in words.</param>
public sealed record DomainReport(ushort Domain, string Name, string State);

public sealed record WorkloadReport(string Name, string Kind, string Domain, bool Finished, string Summary);

/// <param name="At">When it was typed; null when it never was.</param>
public sealed record CommandReport(string Name, string Line, VirtualTime? At, string Answer);

/// <param name="Installed">Null when its condition never came true.</param>
/// <param name="Acts">How often it did something.</param>
public sealed record FaultReport(string Name, string Kind, VirtualTime? Installed, VirtualTime? Healed, long Acts)
{
    /// <summary>When it did; of very many, the first.</summary>
    public IReadOnlyList<VirtualTime> FirstActs { get; init; } = [];
}

public sealed record CheckerReport(string Name, long Seen, int Violations, SortedDictionary<string, long> Branches);
