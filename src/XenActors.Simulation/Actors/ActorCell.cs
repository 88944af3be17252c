namespace XenActors.Simulation;

/// <summary>What the runtime knows about one actor and rarely needs: names, family, watchers, how to start it anew.</summary>
internal sealed class ActorCell(ActorClass actorClass, string name, int parent, byte[] initialState)
{
    public ActorClass Class { get; } = actorClass;

    public string Name { get; } = name;

    /// <summary>The parent's place in the same logical process; 0 is the process's guardian.</summary>
    public int Parent { get; } = parent;

    public byte[] InitialState { get; } = initialState;

    public int Behaviour { get; set; }

    public int Restarts { get; set; }

    /// <summary>Ascending, because places are given out in that order.</summary>
    public List<int> Children { get; } = [];

    /// <summary>In the order in which they asked.</summary>
    public List<ActorRef> Watchers { get; } = [];

    /// <summary>Asked in install order about what arrives; null when there are none.</summary>
    public List<FaultRule>? Rules { get; set; }

    /// <summary>The state as the actor's own node has told it, while nobody has read it here; null when the state object is right.</summary>
    public byte[]? Brought { get; set; }

    public bool HasChild(int local) => Children.BinarySearch(local) >= 0;

    public void RemoveChild(int local)
    {
        var index = Children.BinarySearch(local);
        if (index >= 0)
        {
            Children.RemoveAt(index);
        }
    }
}
