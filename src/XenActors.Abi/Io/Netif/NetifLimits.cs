namespace XenActors.Abi;

/// <summary>Limits of the network protocol. Source: <c>public/io/netif.h</c>.</summary>
[XenConstants("XEN_NETIF_")]
public static class NetifLimits
{
    /// <summary>The least number of slots a backend must accept for one packet.</summary>
    public const int NrSlotsMin = 18;

    public const int MaxTxSize = 0xFFFF;
}
