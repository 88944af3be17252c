namespace XenActors.Experiments.Faults;

/// <summary>What a correct model owes while a fault of this kind is on, and after it.</summary>
public enum FaultEffect
{
    /// <summary>Everything recovers when it heals: nothing is lost, and all that was asked for finishes. Every checker holds throughout.</summary>
    Benign,

    /// <summary>
    /// What it reaches (<see cref="Fault.Degrades"/>) may stop, fail or need a reconnect; it may not lie. Safety holds everywhere, liveness for all others.
    /// </summary>
    Degrading,

    /// <summary>
    /// What it reaches carries bytes that nobody wrote: its data and its liveness are void from then on. All others owe everything, and dom0, the
    /// backend and the process must survive.
    /// </summary>
    Corrupting,
}
