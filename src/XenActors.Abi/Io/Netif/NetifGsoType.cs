namespace XenActors.Abi;

/// <summary>Which segmentation a packet still needs. Source: <c>public/io/netif.h</c>.</summary>
[XenConstants("XEN_NETIF_GSO_TYPE_")]
public enum NetifGsoType : byte
{
    None = 0,
    Tcpv4 = 1,
    Tcpv6 = 2,
}
