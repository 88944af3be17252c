namespace XenActors.Abi;

/// <summary>What an extra-info slot carries. Source: <c>public/io/netif.h</c>.</summary>
[XenConstants("XEN_NETIF_EXTRA_TYPE_")]
public enum NetifExtraType : byte
{
    None = 0,
    Gso = 1,
    McastAdd = 2,
    McastDel = 3,
    Hash = 4,
    Max = 5,
}
