using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>When a fault is installed, or healed: one of these is given.</summary>
public sealed record FaultMoment
{
    /// <summary>At this virtual time since the run's beginning; for healing, never when nothing at all is given.</summary>
    public VirtualDuration? At { get; init; }

    /// <summary>At a time drawn by the seed, from <c>From</c> until before <c>To</c>.</summary>
    public (VirtualDuration From, VirtualDuration To)? Between { get; init; }

    /// <summary>For healing: so long after the fault was installed.</summary>
    public VirtualDuration? After { get; init; }

    /// <summary>At the end of the window in which this has come true.</summary>
    public FaultCondition? On { get; init; }
}

/// <summary>What a fault waits for.</summary>
public abstract record FaultCondition;

/// <summary>A node of xenstore has this value, after a change.</summary>
public sealed record StoreCondition(string Path, string Value) : FaultCondition;

/// <summary>A device's end has reached a xenbus state.</summary>
/// <param name="Device">As <c>web/xvda</c> or <c>web/vif0</c>.</param>
/// <param name="Back">The backend's state rather than the frontend's.</param>
public sealed record DeviceCondition(string Device, bool Back, int State) : FaultCondition;

/// <summary>The n-th message of a type has been handled, counted from the run's beginning.</summary>
/// <param name="Message">The type's name without its namespace.</param>
/// <param name="Actor">The receiver's path, <c>*</c> for any characters.</param>
public sealed record MessageCondition(string Message, string Actor, int Nth) : FaultCondition;
