namespace XenActors.Xenstore;

/// <summary>What the store knows of a domain: since which generation it exists, and what it owns.</summary>
internal sealed class StoreDomain(uint domid, ulong generation)
{
    public uint Domid { get; } = domid;

    /// <summary>Permissions on nodes older than this named an earlier domain of the same number.</summary>
    public ulong Generation { get; set; } = generation;

    public bool Introduced { get; set; }

    public bool Shutdown { get; set; }

    public int NodeCount { get; set; }

    /// <summary>The domain that this one serves (SET_TARGET): it may do what that one may.</summary>
    public uint? Target { get; set; }
}
