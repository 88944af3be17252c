namespace XenActors.Simulation;

/// <summary>The rarely touched part of a logical process.</summary>
internal sealed class ProcessDetails(string name, int vcpus)
{
    public string Name { get; } = name;

    /// <summary>Until when each vCPU is occupied, in nanoseconds.</summary>
    public long[] VcpuFreeAt { get; } = new long[vcpus];

    /// <summary>See <see cref="LogicalProcess.Actors"/>.</summary>
    public Actor?[] Actors = new Actor?[2];

    /// <summary>
    /// Who has ever had a place in <see cref="LogicalProcess.Actors"/>; place 0 is the guardian. Kept after the actor has stopped, so
    /// that a path means the same whenever a trace asks for it.
    /// </summary>
    public List<Place> Places { get; } = [new(name, 0)];

    /// <summary>How many places have ever been used.</summary>
    public int ActorCount => Places.Count;

    /// <summary>
    /// Places whose actors are remembered when they have stopped (<see cref="Simulator.Remember"/>): null while one lives, then the actor; its state's bytes, or
    /// the state, where another node has run it.
    /// </summary>
    public SortedDictionary<int, object?>? Remembered { get; set; }

    /// <summary>Those of them that the other nodes know.</summary>
    public SortedSet<int> RememberedTold { get; } = [];

    public RuleTable Rules { get; } = new();

    /// <summary>Nanoseconds of work on all vCPUs; told, not part of the history.</summary>
    public long WorkDone { get; set; }

    public TimerTable Timers { get; } = new();

    /// <summary>Explicit links out of this process, sorted by destination.</summary>
    public Link[] Links { get; set; } = [];

    /// <summary>Messages to actors from this place on wait in <see cref="Held"/>; 0 when nobody is held.</summary>
    public int HeldFrom { get; set; }

    /// <summary>What waits, in the order in which it arrived.</summary>
    public List<Event> Held { get; } = [];

    /// <summary>Messages handled, dead letters included; told, not part of the history.</summary>
    public long DeadLetters { get; set; }

    public readonly record struct Place(string Name, int Parent);
}
