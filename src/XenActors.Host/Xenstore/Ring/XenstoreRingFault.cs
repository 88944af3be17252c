namespace XenActors.Xenstore.Ring;

/// <summary>Why one end of a ring has given up on the other.</summary>
public enum XenstoreRingFault
{
    None,

    /// <summary>More bytes between two indices than a ring holds.</summary>
    Indices,

    /// <summary>A header announced more than a message may carry.</summary>
    PayloadTooLong,

    /// <summary>The page is there no longer.</summary>
    PageGone,
}
