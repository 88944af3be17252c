namespace XenActors.Experiments.Placement;

/// <summary>A scenario's <c>placement { }</c>.</summary>
public sealed record ScenarioPlacement
{
    public PlacementStrategy Strategy { get; init; } = PlacementStrategy.ByDomain;

    /// <summary>For <see cref="PlacementStrategy.Explicit"/>, in the file's order.</summary>
    public IReadOnlyList<PlacedProcess> Explicit { get; init; } = [];
}

/// <param name="Process">A logical process's name, as <c>dom0</c> or <c>alpha/phys</c>; a <c>*</c> at its end stands for any rest.</param>
/// <param name="Node">From 0.</param>
/// <param name="Where">file:line:column.</param>
public sealed record PlacedProcess(string Process, int Node, string Where);
