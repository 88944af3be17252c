using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Ring;

/// <summary>
/// A frontend's end of a ring of one or several pages: its replica, laid out to the byte, and its private indices. Source:
/// <c>public/io/ring.h</c>.
/// </summary>
[Codec]
public sealed partial class FrontRing
{
    public int EntrySize { get; set; }

    public int Entries { get; set; }

    public byte[] Page { get; set; } = [];

    public uint ReqProdPvt { get; set; }

    public uint RspCons { get; set; }

    /// <summary>A driver with a mistake: it goes to sleep without RING_FINAL_CHECK_FOR_RESPONSES. For tests of what that costs.</summary>
    public bool SkipsFinalCheck { get; set; }

    // Free-running indices: all of this is modulo 2^32.
    public bool Full => unchecked(ReqProdPvt - RspCons) >= (uint)Entries;

    /// <summary>RING_RESPONSE_PROD_OVERFLOW: the backend says that it has answered more than the ring can hold.</summary>
    public bool Overflown => Unconsumed > (uint)Entries;

    /// <summary>Responses that are published and not consumed, by the backend's word.</summary>
    public uint Unconsumed => unchecked(SharedRing.RspProd(Page) - RspCons);

    /// <summary>XEN_FRONT_RING_INIT on zeroed pages.</summary>
    public static FrontRing Create(int entrySize, int pages = 1)
    {
        var ring = new FrontRing
        {
            EntrySize = entrySize,
            Entries = SharedRing.EntryCount(pages * Gfn.PageSize, entrySize),
            Page = new byte[pages * Gfn.PageSize],
        };
        SharedRing.Initialise(ring.Page);
        return ring;
    }

    /// <summary>The next request's slot.</summary>
    public Span<byte> NextRequest()
    {
        var slot = Slot(ReqProdPvt);
        ReqProdPvt = unchecked(ReqProdPvt + 1);
        slot.Clear();
        return slot;
    }

    /// <summary>RING_PUSH_REQUESTS, with what was written into data pages before; null when there is nothing new.</summary>
    public RequestsPublished? Publish(uint ring, PageWrite[]? pages = null)
    {
        var old = SharedRing.ReqProd(Page);
        if (old == ReqProdPvt)
        {
            return null;
        }

        SharedRing.SetReqProd(Page, ReqProdPvt);
        return new RequestsPublished(ring, old, ReqProdPvt, RingSlots.Copy(Page, old, ReqProdPvt, Entries, EntrySize), pages ?? []);
    }

    /// <summary>What a backend finds in memory that has just mapped a ring which another has served.</summary>
    public RingRemembered Remember(uint ring, PageWrite[] pages) => new(ring, [.. Page], pages);

    /// <summary>Responses have reached this replica, whatever they are. True when they cross the threshold: the event is to be raised.</summary>
    public bool Arrive(in ResponsesPublished m)
    {
        RingSlots.Store(Page, m.Old, m.Slots, Entries, EntrySize);
        SharedRing.SetRspProd(Page, m.New);
        return RingSlots.Crossed(m.Old, m.New, SharedRing.RspEvent(Page));
    }

    /// <summary>A private copy of the next response (RING_COPY_RESPONSE); false after the final check.</summary>
    public bool TryConsume(Span<byte> copy)
    {
        if (RspCons == SharedRing.RspProd(Page))
        {
            if (SkipsFinalCheck)
            {
                return false;
            }

            // RING_FINAL_CHECK_FOR_RESPONSES: ask for the next one, then look again.
            SharedRing.SetRspEvent(Page, unchecked(RspCons + 1));
            if (RspCons == SharedRing.RspProd(Page))
            {
                return false;
            }
        }

        Slot(RspCons)[..copy.Length].CopyTo(copy);
        RspCons = unchecked(RspCons + 1);
        return true;
    }

    private Span<byte> Slot(uint index) => Page.AsSpan(SharedRing.EntryOffset(index, Entries, EntrySize), EntrySize);
}
