namespace XenActors.Abi;

/// <summary>The outcome in a block response. Source: <c>public/io/blkif.h</c>.</summary>
[XenConstants("BLKIF_RSP_")]
public enum BlkifStatus : short
{
    Okay = 0,
    Error = -1,
    Eopnotsupp = -2,
}
