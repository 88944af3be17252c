using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>How far a domain's life is. Source: the flags of <c>xen_domctl_getdomaininfo</c>.</summary>
public enum DomainStatus : byte
{
    /// <summary>There is no such domain, or not yet.</summary>
    None,

    /// <summary>Built; it runs unless it is paused.</summary>
    Alive,

    /// <summary>XEN_DOMINF_shutdown: it went down by itself, and is there until somebody destroys it.</summary>
    Shutdown,

    /// <summary>XEN_DOMINF_dying: destroyed, and others still have its pages mapped.</summary>
    Dying,

    /// <summary>Nothing of it is left.</summary>
    Dead,
}

/// <summary>From the toolstack: the domain ends now (XEN_DOMCTL_destroydomain), whatever it does.</summary>
[Codec]
public readonly partial record struct DestroyDomain;

/// <summary>To the toolstack: its memory, ports and vCPUs are given back; false when there was no such domain.</summary>
[Codec]
public readonly partial record struct DomainDestroyed(ushort Domain, bool Ok);

/// <summary>From the toolstack: XEN_DOMCTL_getdomaininfo.</summary>
[Codec]
public readonly partial record struct GetDomainInfo;

/// <param name="Reason">Why it shut down; says nothing while it has not.</param>
/// <param name="PvControl">The guest has drivers that act on <c>control/shutdown</c>: it is no HVM guest, or has set HVM_PARAM_CALLBACK_IRQ.</param>
[Codec]
public readonly partial record struct DomainInfo(ushort Domain, DomainStatus Status, ShutdownReason Reason, bool Paused, bool PvControl);

/// <summary>
/// From the toolstack: a domain that has suspended goes on (XEN_DOMCTL_resumedomain). <see cref="Cancelled"/>: its hypercall returns 1, nothing has
/// changed for it; else 0, and all that it had with others is gone.
/// </summary>
[Codec]
public readonly partial record struct ResumeDomain(bool Cancelled);

/// <summary>From the toolstack: the domain shuts down as if it had done so itself (SCHEDOP_remote_shutdown).</summary>
[Codec]
public readonly partial record struct ShutdownDomain(ShutdownReason Reason);

/// <summary>To a domain, from the hypervisor or from outside: it has done what no domain may (<c>domain_crash</c>).</summary>
[Codec]
public readonly partial record struct CrashDomain;
