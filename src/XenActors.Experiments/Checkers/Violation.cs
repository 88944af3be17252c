using XenActors.Simulation;

namespace XenActors.Experiments.Checkers;

/// <summary>What a checker has seen that must not be.</summary>
/// <param name="Checker">Its name.</param>
/// <param name="At">When it happened, in virtual time.</param>
/// <param name="Text">One line: what, of which device or domain, and what should have been.</param>
public sealed record Violation(string Checker, VirtualTime At, string Text);
