namespace XenActors.Simulation;

/// <summary>Where and when something was seen.</summary>
/// <param name="Actor">Who handled the message, or whose note it is.</param>
/// <param name="Sender">Who sent the message; nobody for one from outside and for a note.</param>
public readonly record struct Observed(VirtualTime Time, ActorRef Actor, ActorRef Sender);
