using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Ring;

/// <summary>A backend's end of a ring of one or several pages. Source: <c>public/io/ring.h</c>.</summary>
[Codec]
public sealed partial class BackRing
{
    public int EntrySize { get; set; }

    public int Entries { get; set; }

    public byte[] Page { get; set; } = [];

    public uint RspProdPvt { get; set; }

    public uint ReqCons { get; set; }

    /// <summary>A driver with a mistake: it goes to sleep without RING_FINAL_CHECK_FOR_REQUESTS. For tests of what that costs.</summary>
    public bool SkipsFinalCheck { get; set; }

    // Free-running indices: all of this is modulo 2^32.

    /// <summary>RING_REQUEST_PROD_OVERFLOW: the frontend says that it has published more than the ring can hold.</summary>
    public bool Overflown => unchecked(ReqProd - RspProdPvt) > (uint)Entries;

    public uint ReqProd => SharedRing.ReqProd(Page);

    /// <summary>BACK_RING_ATTACH on a page that the frontend has initialised; null when its indices are not a ring's.</summary>
    public static BackRing? Attach(byte[] page, int entrySize)
    {
        var produced = SharedRing.RspProd(page);
        var ring = new BackRing
        {
            EntrySize = entrySize,
            Entries = SharedRing.EntryCount(page.Length, entrySize),
            Page = page,
            RspProdPvt = produced,
            ReqCons = produced,
        };
        return ring.Overflown ? null : ring;
    }

    /// <summary>
    /// The ring's memory as its frontend has it, for a backend that has taken nothing from it yet: it goes on after the last answer. False, and nothing done, when the indices
    /// are not a ring's, or the pages are not as long.
    /// </summary>
    public bool Adopt(in RingRemembered m)
    {
        if (m.Page.Length != Page.Length || Attach(m.Page, EntrySize) is not { } now)
        {
            return false;
        }

        (Page, RspProdPvt, ReqCons) = (now.Page, now.RspProdPvt, now.ReqCons);
        SharedRing.SetReqEvent(Page, unchecked(ReqCons + 1));
        return true;
    }

    /// <summary>Requests have reached this replica, whatever they are. True when they cross the threshold: the event is to be raised.</summary>
    public bool Arrive(in RequestsPublished m)
    {
        RingSlots.Store(Page, m.Old, m.Slots, Entries, EntrySize);
        SharedRing.SetReqProd(Page, m.New);
        return RingSlots.Crossed(m.Old, m.New, SharedRing.ReqEvent(Page));
    }

    /// <summary>
    /// A private copy of the next request (RING_COPY_REQUEST); false after the final check, or when every slot waits for its response
    /// (RING_REQUEST_CONS_OVERFLOW).
    /// </summary>
    public bool TryConsume(Span<byte> copy)
    {
        if (ReqCons == ReqProd)
        {
            if (SkipsFinalCheck)
            {
                return false;
            }

            SharedRing.SetReqEvent(Page, unchecked(ReqCons + 1));
            if (ReqCons == ReqProd)
            {
                return false;
            }
        }

        if (unchecked(ReqCons - RspProdPvt) >= (uint)Entries)
        {
            return false;
        }

        Slot(ReqCons).CopyTo(copy);
        ReqCons = unchecked(ReqCons + 1);
        return true;
    }

    public Span<byte> NextResponse()
    {
        var slot = Slot(RspProdPvt);
        RspProdPvt = unchecked(RspProdPvt + 1);
        return slot;
    }

    /// <summary>RING_PUSH_RESPONSES, with what was written into data pages before; null when there is nothing new.</summary>
    public ResponsesPublished? Publish(uint ring, PageWrite[]? pages = null)
    {
        var old = SharedRing.RspProd(Page);
        if (old == RspProdPvt)
        {
            return null;
        }

        SharedRing.SetRspProd(Page, RspProdPvt);
        return new ResponsesPublished(ring, old, RspProdPvt, RingSlots.Copy(Page, old, RspProdPvt, Entries, EntrySize), pages ?? []);
    }

    /// <summary>A slot as it is in the shared page now, which the frontend may be writing to: nobody should look twice.</summary>
    public ReadOnlySpan<byte> Shared(uint index) => Slot(index);

    private Span<byte> Slot(uint index) => Page.AsSpan(SharedRing.EntryOffset(index, Entries, EntrySize), EntrySize);
}
