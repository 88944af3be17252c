namespace XenActors.Xenstore;

/// <summary>What the store knows of a domain: since which generation it exists, and what it owns.</summary>
internal sealed class StoreDomain(uint domid, ulong generation, ulong order)
{
    public uint Domid { get; } = domid;

    /// <summary>Permissions on nodes older than this named an earlier domain of the same number.</summary>
    public ulong Generation { get; set; } = generation;

    /// <summary>When the store first heard of it; the youngest is looked at first.</summary>
    public ulong Order { get; } = order;

    public bool Introduced { get; set; }

    /// <summary>Where its connection stands in the round of watch events: its INTRODUCE, not its first word.</summary>
    public ulong IntroducedOrder { get; set; }

    public bool Shutdown { get; set; }

    public int NodeCount { get; set; }

    /// <summary>The domain that this one serves (SET_TARGET): it may do what that one may.</summary>
    public uint? Target { get; set; }
}
