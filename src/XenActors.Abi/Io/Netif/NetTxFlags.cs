namespace XenActors.Abi;

/// <summary>Flags of a transmit request. Source: <c>public/io/netif.h</c>.</summary>
[Flags]
[XenConstants("NETTXF_")]
public enum NetTxFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,
    CsumBlank = 1,
    DataValidated = 2,
    MoreData = 4,
    ExtraInfo = 8,
}
