using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>One fault of a scenario, as its file says.</summary>
public sealed record FaultSpec
{
    /// <summary>The key in the file.</summary>
    public required string Name { get; init; }

    /// <summary>As <c>xenactors faults</c> lists it.</summary>
    public required string Kind { get; init; }

    /// <summary>The host that it happens to; empty for that of its domain, or the first one.</summary>
    public string Host { get; init; } = "";

    /// <summary>The kind's own settings, as they are written.</summary>
    public SortedDictionary<string, string> Parameters { get; init; } = new(StringComparer.Ordinal);

    public FaultMoment When { get; init; } = new() { At = VirtualDuration.Zero };

    /// <summary>Nothing given: it stays until the end.</summary>
    public FaultMoment Heal { get; init; } = new();

    /// <summary>file:line:column, for what is wrong with it.</summary>
    public string Where { get; init; } = "";

    /// <summary>The same for a parameter; the fault's own place when it is not written out.</summary>
    public SortedDictionary<string, string> ParameterPlaces { get; init; } = new(StringComparer.Ordinal);
}
