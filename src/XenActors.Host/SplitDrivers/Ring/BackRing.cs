using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Ring;

/// <summary>A backend's end of a ring. Source: <c>public/io/ring.h</c>.</summary>
[Codec]
public sealed partial class BackRing
{
    public int EntrySize { get; set; }

    public byte[] Page { get; set; } = [];

    public uint RspProdPvt { get; set; }

    public uint ReqCons { get; set; }

    public int Entries => SharedRing.EntryCount(Page.Length, EntrySize);

    /// <summary>BACK_RING_ATTACH on a page that the frontend has initialised; null when its indices are not a ring's.</summary>
    public static BackRing? Attach(byte[] page, int entrySize)
    {
        var produced = SharedRing.RspProd(page);
        var ring = new BackRing { EntrySize = entrySize, Page = page, RspProdPvt = produced, ReqCons = produced };
        return unchecked(SharedRing.ReqProd(page) - produced) <= (uint)ring.Entries ? ring : null;
    }

    /// <summary>Requests have reached this replica. Null when the frontend broke the ring; else whether the threshold was crossed.</summary>
    public bool? Arrive(in RequestsPublished m)
    {
        if (SharedRing.ReqProd(Page) != m.Old || unchecked(m.New - RspProdPvt) > (uint)Entries
            || !RingSlots.Store(Page, m.Old, m.New, m.Slots, Entries, EntrySize))
        {
            return null;
        }

        SharedRing.SetReqProd(Page, m.New);
        return RingSlots.Crossed(m.Old, m.New, SharedRing.ReqEvent(Page));
    }

    /// <summary>A private copy of the next request (RING_COPY_REQUEST), or null after the final check.</summary>
    public byte[]? Consume()
    {
        if (ReqCons == SharedRing.ReqProd(Page))
        {
            SharedRing.SetReqEvent(Page, unchecked(ReqCons + 1));
            if (ReqCons == SharedRing.ReqProd(Page))
            {
                return null;
            }
        }

        var copy = Slot(ReqCons).ToArray();
        ReqCons = unchecked(ReqCons + 1);
        return copy;
    }

    public Span<byte> NextResponse()
    {
        var slot = Slot(RspProdPvt);
        RspProdPvt = unchecked(RspProdPvt + 1);
        return slot;
    }

    /// <summary>RING_PUSH_RESPONSES.</summary>
    public ResponsesPublished? Publish(uint ring)
    {
        var old = SharedRing.RspProd(Page);
        if (old == RspProdPvt)
        {
            return null;
        }

        SharedRing.SetRspProd(Page, RspProdPvt);
        return new ResponsesPublished(ring, old, RspProdPvt, RingSlots.Copy(Page, old, RspProdPvt, Entries, EntrySize));
    }

    private Span<byte> Slot(uint index) => Page.AsSpan(SharedRing.EntryOffset(index, Entries, EntrySize), EntrySize);
}
