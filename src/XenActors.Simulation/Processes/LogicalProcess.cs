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

    /// <summary>The actor in place 1: the only one of many processes, so it is reached without a look into the table.</summary>
    public Actor? First;

    public ProcessDetails Details;

    /// <summary>By <see cref="ActorRef.Local"/>; null where an actor has stopped. Places are never used again. Written by <see cref="Put"/>.</summary>
    public readonly Actor?[] Actors => Details.Actors;

    /// <summary>Gives a place to an actor, or takes it away.</summary>
    public void Put(int local, Actor? actor)
    {
        if (local >= Details.Actors.Length)
        {
            Array.Resize(ref Details.Actors, Math.Max(local + 1, Details.Actors.Length * 2));
        }

        Details.Actors[local] = actor;
        if (local == 1)
        {
            First = actor;
        }
    }

    /// <summary>Before a restore: this many places, all empty.</summary>
    public void Clear(int places)
    {
        Details.Actors = new Actor?[Math.Max(2, places)];
        First = null;
    }
}
