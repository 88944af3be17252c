namespace XenActors.Simulation;

/// <summary>The first message of every actor; the runtime calls <see cref="Actor.PreStart"/> for it.</summary>
[Codec]
public readonly partial record struct Start;

/// <summary>Stops the receiver after what was sent to it before.</summary>
[Codec]
public readonly partial record struct PoisonPill;

/// <summary>The receiver fails at once, as if its handler had thrown; its parent decides.</summary>
[Codec]
public readonly partial record struct Kill;

/// <summary>A watched actor has stopped. From its dying moment, one link's latency late.</summary>
[Codec]
public readonly partial record struct Terminated(ActorRef Actor);

/// <summary>To a process: what a fault rule of it has held goes on. Not handled by any actor, and no part of the history.</summary>
[Codec]
internal readonly partial record struct ReleaseHeld;

/// <summary>The sender wants to hear of the receiver's end; when the receiver's place is empty it hears at once.</summary>
[Codec]
public readonly partial record struct WatchRequest;

/// <summary>The sender no longer wants to hear of the receiver's end.</summary>
[Codec]
public readonly partial record struct UnwatchRequest;
