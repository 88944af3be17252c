namespace XenActors.Simulation;

/// <summary>What a parent decides about a child that failed.</summary>
public enum Directive
{
    /// <summary>The parent fails in its turn; above the last parent the run stops with seed, time and actor.</summary>
    Escalate,

    /// <summary>
    /// A new instance with the state that the child was spawned with; its children stop, its messages and watchers stay, its timers
    /// are cancelled.
    /// </summary>
    Restart,

    /// <summary>The child stops; watchers hear of it.</summary>
    Stop,

    /// <summary>The failed message is dropped, the child goes on as it is.</summary>
    Resume,
}
