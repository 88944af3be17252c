namespace XenActors.Abi;

/// <summary>Flags of a receive response. Source: <c>public/io/netif.h</c>.</summary>
[Flags]
[XenConstants("NETRXF_")]
public enum NetRxFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,
    DataValidated = 1,
    CsumBlank = 2,
    MoreData = 4,
    ExtraInfo = 8,
    GsoPrefix = 16,
}
