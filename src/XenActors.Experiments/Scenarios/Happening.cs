using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>Something that is to happen at a moment of a scenario, once.</summary>
internal sealed class Happening(Action act)
{
    /// <summary>When it is due; <see cref="VirtualTime.Never"/> for one that waits for a condition.</summary>
    public VirtualTime Due { get; set; } = VirtualTime.Never;

    /// <summary>The condition that it waits for.</summary>
    public Break? Condition { get; set; }

    public bool Over { get; private set; }

    public bool IsDue(VirtualTime now) => !Over && (Due <= now || Condition is { Hit: true });

    public void Act()
    {
        Over = true;
        Condition?.Remove();
        act();
    }

    /// <summary>It will not happen any more.</summary>
    public void CallOff()
    {
        Over = true;
        Condition?.Remove();
    }
}
