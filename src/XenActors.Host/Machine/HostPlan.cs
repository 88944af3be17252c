namespace XenActors.Machine;

/// <summary>A host of a room: its name, what it is, and the guests to be created on it.</summary>
public sealed record HostPlan(string Name, HostProfile Profile, IReadOnlyList<GuestOrder> Guests);
