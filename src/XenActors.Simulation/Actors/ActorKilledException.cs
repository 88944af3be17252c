namespace XenActors.Simulation;

/// <summary>The actor was killed from outside; unless a parent says otherwise, it stops.</summary>
public sealed class ActorKilledException() : Exception("killed");
