using XenActors.Machine;

namespace XenActors.Experiments.Zoo;

/// <summary>A defect that a real component had.</summary>
/// <param name="Name">As scenario files name it: the component, and what it does wrong.</param>
/// <param name="Component">Where it lived, as <c>blkfront</c>.</param>
/// <param name="Wrong">One line: what is not as it should be.</param>
/// <param name="Reference">Where it was published: an advisory, a commit, an issue.</param>
/// <param name="Checker">Which checker sees it, as <c>checkers = [...]</c> names it.</param>
/// <param name="Swarm">The ranges in <c>hocon/swarm</c> of the component that it lived in, as <c>block</c>.</param>
public sealed record KnownDefect(string Name, Defects Flag, string Component, string Wrong, string Reference, string Checker, string Swarm);
