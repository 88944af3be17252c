using XenActors.Abi;

namespace XenActors.Xenstore.Ring;

/// <summary>
/// The four indices of a ring page as one look at it found them. They run freely and wrap at 2^32; whoever shares the page may have
/// written anything. Wire: <c>public/io/xs_wire.h</c>.
/// </summary>
public readonly record struct XenstoreRingIndices(uint ReqCons, uint ReqProd, uint RspCons, uint RspProd)
{
    /// <summary>Request bytes that wait for xenstored; more than a ring holds means that somebody lies.</summary>
    public uint Requests => unchecked(ReqProd - ReqCons); // modulo 2^32, as the indices run

    /// <summary>Response bytes that wait for the guest; more than a ring holds means that somebody lies.</summary>
    public uint Responses => unchecked(RspProd - RspCons);

    public bool RequestsAreSound => Requests <= XenstoreLimits.RingSize;

    public bool ResponsesAreSound => Responses <= XenstoreLimits.RingSize;

    /// <summary>How many of some bytes lie in one run from an index on, up to the ring's end.</summary>
    public static int RunOf(uint index, uint bytes) => (int)Math.Min(bytes, XenstoreLimits.RingSize - (index % XenstoreLimits.RingSize));

    /// <summary>Where in a page an index points to.</summary>
    public static int PlaceOf(int ring, uint index) => ring + (int)(index % XenstoreLimits.RingSize);
}
