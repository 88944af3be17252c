namespace XenActors.Simulation;

/// <summary>The rarely touched part of a logical process.</summary>
internal sealed class ProcessDetails(string name, int vcpus)
{
    public string Name { get; } = name;

    /// <summary>Until when each vCPU is occupied, in nanoseconds.</summary>
    public long[] VcpuFreeAt { get; } = new long[vcpus];

    /// <summary>How many places of <see cref="LogicalProcess.Actors"/> have ever been used; place 0 is the guardian.</summary>
    public int ActorCount { get; set; } = 1;

    public TimerTable Timers { get; } = new();

    /// <summary>Explicit links out of this process, sorted by destination.</summary>
    public Link[] Links { get; set; } = [];

    /// <summary>Messages handled, dead letters included; told, not part of the history.</summary>
    public long DeadLetters { get; set; }
}
