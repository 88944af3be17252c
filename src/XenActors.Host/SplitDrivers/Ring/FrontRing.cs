using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Ring;

/// <summary>
/// A frontend's end of a ring: its replica of the page, laid out to the byte, and its private indices. Source: <c>public/io/ring.h</c>.
/// </summary>
[Codec]
public sealed partial class FrontRing
{
    public int EntrySize { get; set; }

    public byte[] Page { get; set; } = [];

    public uint ReqProdPvt { get; set; }

    public uint RspCons { get; set; }

    public int Entries => SharedRing.EntryCount(Page.Length, EntrySize);

    /// <summary>XEN_FRONT_RING_INIT on a zeroed page.</summary>
    public static FrontRing Create(int entrySize)
    {
        var ring = new FrontRing { EntrySize = entrySize, Page = new byte[Gfn.PageSize] };
        SharedRing.Initialise(ring.Page);
        return ring;
    }

    // Free-running indices: all of this is modulo 2^32.
    public bool Full => unchecked(ReqProdPvt - RspCons) >= (uint)Entries;

    /// <summary>The next request's slot.</summary>
    public Span<byte> NextRequest()
    {
        var slot = Slot(ReqProdPvt);
        ReqProdPvt = unchecked(ReqProdPvt + 1);
        slot.Clear();
        return slot;
    }

    /// <summary>RING_PUSH_REQUESTS: what the backend's replica gets; null when there is nothing new.</summary>
    public RequestsPublished? Publish(uint ring)
    {
        var old = SharedRing.ReqProd(Page);
        if (old == ReqProdPvt)
        {
            return null;
        }

        SharedRing.SetReqProd(Page, ReqProdPvt);
        return new RequestsPublished(ring, old, ReqProdPvt, RingSlots.Copy(Page, old, ReqProdPvt, Entries, EntrySize));
    }

    /// <summary>Responses have reached this replica. Null when the backend broke the ring; else whether the threshold was crossed.</summary>
    public bool? Arrive(in ResponsesPublished m)
    {
        // An ill backend: more responses than requests are out.
        if (SharedRing.RspProd(Page) != m.Old || unchecked(m.New - RspCons) > unchecked(ReqProdPvt - RspCons)
            || !RingSlots.Store(Page, m.Old, m.New, m.Slots, Entries, EntrySize))
        {
            return null;
        }

        SharedRing.SetRspProd(Page, m.New);
        return RingSlots.Crossed(m.Old, m.New, SharedRing.RspEvent(Page));
    }

    /// <summary>A private copy of the next response, or null: then the threshold is set and nothing has come meanwhile.</summary>
    public byte[]? Consume()
    {
        if (RspCons == SharedRing.RspProd(Page))
        {
            // RING_FINAL_CHECK_FOR_RESPONSES: ask for the next one, then look again.
            SharedRing.SetRspEvent(Page, unchecked(RspCons + 1));
            if (RspCons == SharedRing.RspProd(Page))
            {
                return null;
            }
        }

        var copy = Slot(RspCons).ToArray();
        RspCons = unchecked(RspCons + 1);
        return copy;
    }

    private Span<byte> Slot(uint index) => Page.AsSpan(SharedRing.EntryOffset(index, Entries, EntrySize), EntrySize);
}
