using XenActors.Simulation;

namespace XenActors.Experiments.Timelines;

/// <summary>What a line of an explanation is about.</summary>
public enum ExplainedKind
{
    Message,
    Fault,

    /// <summary>What was typed at dom0's shell.</summary>
    Command,
    Violation,
}

/// <summary>One line of an explanation.</summary>
/// <param name="From">The sender's path; empty for a fault and a violation.</param>
/// <param name="To">The receiver's path; for a fault or a violation the actor that it is about, or empty.</param>
/// <param name="What">The message, or what the fault did or was typed, or what the checker saw.</param>
/// <param name="Why">Why it is here.</param>
public sealed record ExplainedLine(VirtualTime At, ExplainedKind Kind, string From, string To, string What, string Why);
