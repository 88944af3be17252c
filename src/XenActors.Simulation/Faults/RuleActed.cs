namespace XenActors.Simulation;

/// <summary>To observers: a fault rule has answered something other than <see cref="VerdictKind.Pass"/>.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Type">The message's.</param>
public readonly record struct RuleActed(string Rule, Verdict Verdict, ActorRef From, ActorRef To, MessageType Type);
