namespace XenActors.Simulation;

/// <summary>
/// What the nodes of one run must have in common, exchanged before anything else. Its own fields never change: <see cref="Wire"/> counts the changes of
/// all that follows it.
/// </summary>
/// <param name="Wire">The version of what travels between nodes.</param>
/// <param name="Build">A text that is the same for the same binaries: the versions of the modules that define actors and messages.</param>
/// <param name="Scenario">What is run, as the caller names it: a hash of the files, for instance.</param>
/// <param name="Seed">The seed of the history.</param>
/// <param name="PartitionsPerNode">Threads of each node.</param>
/// <param name="Layout">A hash of the logical processes and the links between them.</param>
[Codec]
internal readonly partial record struct NodeGreeting(int Wire, string Build, string Scenario, ulong Seed, int PartitionsPerNode, ulong Layout)
{
    public const int WireNow = 2;

    /// <summary>In what this node differs from another, in words; null when in nothing.</summary>
    public string? DifferenceFrom(in NodeGreeting other) =>
        Wire != other.Wire ? $"speaks version {Wire} of the protocol between nodes, not {other.Wire}"
        : Build != other.Build ? $"has another build ({Build}, not {other.Build})"
        : Scenario != other.Scenario ? $"runs another scenario ({Scenario}, not {other.Scenario})"
        : Seed != other.Seed ? $"runs seed {Seed}, not {other.Seed}"
        : PartitionsPerNode != other.PartitionsPerNode ? $"has {PartitionsPerNode} partitions, not {other.PartitionsPerNode}"
        : Layout != other.Layout ? "has other logical processes or links"
        : null;
}
