namespace XenActors.Simulation;

/// <summary>
/// What every event of a logical process touches, side by side. Owned by one partition; everything else about the process is in
/// <see cref="Details"/>.
/// </summary>
internal struct LogicalProcess
{
    public RandomStream Random;

    /// <summary>The next send's number in <see cref="Event.Key"/>.</summary>
    public ulong Sends;

    /// <summary>The history so far; see <see cref="Fingerprint"/>.</summary>
    public ulong History;

    /// <summary>By <see cref="ActorRef.Local"/>; null where an actor has stopped. Places are never used again.</summary>
    public Actor?[] Actors;

    public ProcessDetails Details;
}
