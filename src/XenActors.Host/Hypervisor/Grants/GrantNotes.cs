using XenActors.Simulation;

namespace XenActors.Hypervisor.Grants;

// To observers, from the granting domain's table: the life of a grant.

/// <summary>A page is granted under this reference.</summary>
[Codec]
public readonly partial record struct GrantGiven(ushort Owner, uint Ref, ushort To);

/// <summary>Another domain has mapped it.</summary>
/// <param name="Asker">The driver that has asked for it.</param>
[Codec]
public readonly partial record struct GrantMapped(ushort Owner, uint Ref, ushort By, uint Handle, bool ReadOnly, ActorRef Asker = default);

/// <summary>A mapping is over.</summary>
[Codec]
public readonly partial record struct GrantUnmapped(ushort Owner, ushort By, uint Handle);

/// <summary>The owner has its page back: nobody may use it any more.</summary>
[Codec]
public readonly partial record struct GrantRevoked(ushort Owner, uint Ref);
