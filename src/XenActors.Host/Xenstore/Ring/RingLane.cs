using XenActors.Abi;

namespace XenActors.Xenstore.Ring;

/// <summary>
/// One direction of a ring page: bytes with one producer and one consumer. Each step looks at the indices once, checks them, and moves
/// only the index of its own side.
/// </summary>
internal readonly struct RingLane
{
    private readonly bool responses;

    private RingLane(bool responses) => this.responses = responses;

    public static RingLane Requests => new(false);

    public static RingLane Responses => new(true);

    private int Bytes => responses ? XenstoreDomainInterface.RspOffset : XenstoreDomainInterface.ReqOffset;

    private int ConsOffset => responses ? XenstoreDomainInterface.RspConsOffset : XenstoreDomainInterface.ReqConsOffset;

    private int ProdOffset => responses ? XenstoreDomainInterface.RspProdOffset : XenstoreDomainInterface.ReqProdOffset;

    /// <summary>Takes what the message in the making still lacks, as far as it is there.</summary>
    /// <param name="page">The page.</param>
    /// <param name="input">What it goes into.</param>
    /// <param name="moved">Whether the consumer's index was moved.</param>
    public XenstoreRingFault Take(IXenstoreRingPage page, RingInput input, ref bool moved)
    {
        while (!input.IsComplete)
        {
            if (!page.TryLoad(out var indices)) return XenstoreRingFault.PageGone;
            var (cons, available) = responses ? (indices.RspCons, indices.Responses) : (indices.ReqCons, indices.Requests);
            if (available == 0) break;
            if (available > XenstoreLimits.RingSize) return XenstoreRingFault.Indices;
            var run = Math.Min(XenstoreRingIndices.RunOf(cons, available), input.Missing);
            if (!page.TryRead(XenstoreRingIndices.PlaceOf(Bytes, cons), input.Room(run))) return XenstoreRingFault.PageGone;
            if (!page.TryAdvance(ConsOffset, (uint)run)) return XenstoreRingFault.PageGone;
            moved = true;
            if (!input.Took(run)) return XenstoreRingFault.PayloadTooLong;
        }

        return XenstoreRingFault.None;
    }

    /// <summary>Puts as much of what waits as there is room for.</summary>
    /// <param name="page">The page.</param>
    /// <param name="output">Where it comes from.</param>
    /// <param name="moved">Whether the producer's index was moved.</param>
    public XenstoreRingFault Put(IXenstoreRingPage page, RingOutput output, ref bool moved)
    {
        while (!output.Waiting.IsEmpty)
        {
            if (!page.TryLoad(out var indices)) return XenstoreRingFault.PageGone;
            var (prod, waiting) = responses ? (indices.RspProd, indices.Responses) : (indices.ReqProd, indices.Requests);
            if (waiting == XenstoreLimits.RingSize) break;
            if (waiting > XenstoreLimits.RingSize) return XenstoreRingFault.Indices;
            var run = Math.Min(XenstoreRingIndices.RunOf(prod, XenstoreLimits.RingSize - waiting), output.Waiting.Length);
            if (!page.TryWrite(XenstoreRingIndices.PlaceOf(Bytes, prod), output.Waiting[..run])) return XenstoreRingFault.PageGone;
            if (!page.TryAdvance(ProdOffset, (uint)run)) return XenstoreRingFault.PageGone;
            moved = true;
            output.Gone(run);
        }

        return XenstoreRingFault.None;
    }
}
