namespace XenActors.Abi;

/// <summary>The outcome in a network response; a receive response says its length instead when it went well. Source: <c>public/io/netif.h</c>.</summary>
[XenConstants("NETIF_RSP_")]
public enum NetifStatus : short
{
    Okay = 0,
    Null = 1,
    Error = -1,
    Dropped = -2,
}
