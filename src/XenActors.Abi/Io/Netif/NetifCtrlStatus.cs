namespace XenActors.Abi;

/// <summary>The outcome in a control response. Source: <c>public/io/netif.h</c>.</summary>
[XenConstants("XEN_NETIF_CTRL_STATUS_")]
public enum NetifCtrlStatus : uint
{
    Success = 0,
    NotSupported = 1,
    InvalidParameter = 2,
    BufferOverflow = 3,
}
