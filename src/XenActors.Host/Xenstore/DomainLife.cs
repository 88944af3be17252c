namespace XenActors.Xenstore;

/// <summary>What Xen says of a domain, as far as the store asks.</summary>
public enum DomainLife
{
    /// <summary>There is no such domain.</summary>
    Gone,
    Running,

    /// <summary>It shut down or crashed; it is there until somebody destroys it.</summary>
    Shutdown,

    /// <summary>It is being destroyed: its ring cannot be mapped any more.</summary>
    Dying,
}
