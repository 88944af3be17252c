namespace XenActors.Abi;

/// <summary>Flags of an extra-info slot. Source: <c>public/io/netif.h</c>.</summary>
[Flags]
[XenConstants("XEN_NETIF_EXTRA_FLAG_")]
public enum NetifExtraFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,
    More = 1,
}
