namespace XenActors.Abi;

/// <summary>Limits of the block protocol. Source: <c>public/io/blkif.h</c>.</summary>
[XenConstants("BLKIF_")]
public static class BlkifLimits
{
    public const int MaxSegmentsPerRequest = 11;
    public const int MaxIndirectPagesPerRequest = 8;

    /// <summary>The flag of a discard request that asks for a secure erase.</summary>
    public const byte DiscardSecure = 1;
}
