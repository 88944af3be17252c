using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>Grants of data pages: per request, or once for all. Source: Linux' xen-blkfront.</summary>
public sealed partial class BlkfrontActor
{
    // schedule_delayed_work(&blkfront_work, HZ * 10)
    private static readonly VirtualDuration PurgeInterval = VirtualDuration.FromSeconds(10);

    // The backend gives idle pages back after 60 s: after that a purge finds nothing more.
    private const long PurgeUseful = 80_000_000_000;

    // blk-mq tries a request again after BLK_MQ_RESOURCE_DELAY when a driver lacked something.
    private static readonly VirtualDuration ResourceDelay = VirtualDuration.FromMilliseconds(3);

    private long Cookie(BlkfrontAsk ask, int queue, int index) => ((long)State.Round << 36) | ((long)ask << 32) | ((long)queue << 16) | (long)index;

    private BlkfrontAsk AskOf(long cookie) => cookie >> 36 == State.Round ? (BlkfrontAsk)((cookie >> 32) & 0xF) : BlkfrontAsk.None;

    private static int QueueOf(long cookie) => (int)((cookie >> 16) & 0xFFFF);

    private static int IndexOf(long cookie) => (int)(cookie & 0xFFFF);

    public void On(in PagesGranted m)
    {
        switch (AskOf(m.Cookie))
        {
            case BlkfrontAsk.Ring:
                RingGranted(QueueOf(m.Cookie), m.Refs);
                break;
            case BlkfrontAsk.Data:
                DataGranted(QueueOf(m.Cookie), IndexOf(m.Cookie), m.Refs);
                break;
            default:
                // For a connection that is over.
                LetGo(m.Refs);
                break;
        }
    }

    public void On(in AccessEnded m)
    {
        var (queue, index) = (QueueOf(m.Cookie), IndexOf(m.Cookie));
        switch (AskOf(m.Cookie))
        {
            case BlkfrontAsk.End:
                DataEnded(queue, index, m);
                break;
            case BlkfrontAsk.Purge:
                Purged(queue, index, m.StillMapped > 0);
                break;
        }
    }

    private static List<uint> RefsOf(BlkfrontRing ring, BlkfrontShadow shadow)
    {
        var refs = new List<uint>(shadow.Segments + shadow.IndirectPages);
        for (var i = 0; i < shadow.Segments + shadow.IndirectPages; i++)
        {
            refs.Add(ring.Buffers.Ref(shadow.Buffers[i]));
        }

        return refs;
    }

    /// <summary>Asks for references of a request's pages: data first, for indirect pages name the data's; false when all have one.</summary>
    private bool AskForGrants(int queue, BlkfrontRing ring, int id)
    {
        var shadow = ring.Shadows[id];
        var data = Lacking(ring, shadow, 0, shadow.Segments);
        var count = data > 0 ? data : Lacking(ring, shadow, shadow.Segments, shadow.IndirectPages);
        if (count == 0)
        {
            return false;
        }

        var io = State.Ios[shadow.Io];
        byte[] pages;
        if (State.Features.Persistent)
        {
            // What they hold goes with the publication.
            pages = new byte[count * Gfn.PageSize];
        }
        else if (data > 0)
        {
            pages = DataPages(io, shadow);
        }
        else
        {
            pages = new byte[count * Gfn.PageSize];
            for (var i = 0; i < count; i++)
            {
                IndirectPage(ring, shadow, i).CopyTo(pages, i * Gfn.PageSize);
            }
        }

        // Since persistent grants came, pages are granted writable whatever they are for.
        var readOnly = io.Operation == BlockOperation.Write && !Driver.Profile.Has("blkfront-persistent-grants");
        Context.Tell(Driver.GrantTable, new GrantPages(Device.OtherDomain, pages, readOnly, Shared: false, Cookie(BlkfrontAsk.Data, queue, id)));
        return true;
    }

    private static int Lacking(BlkfrontRing ring, BlkfrontShadow shadow, int from, int count)
    {
        var lacking = 0;
        for (var i = from; i < from + count; i++)
        {
            lacking += ring.Buffers.Ref(shadow.Buffers[i]) == 0 ? 1 : 0;
        }

        return lacking;
    }

    private static byte[] DataPages(BlkfrontIo io, BlkfrontShadow shadow)
    {
        var length = shadow.Segments * Gfn.PageSize;
        if (io.Operation != BlockOperation.Write)
        {
            return new byte[length];
        }

        if (io.Data.Length == length)
        {
            return io.Data;
        }

        var pages = new byte[length];
        io.Data.AsSpan((int)shadow.From * BlkifSectors.Size, (int)shadow.Count * BlkifSectors.Size).CopyTo(pages);
        return pages;
    }

    private void DataGranted(int queue, int id, List<uint> refs)
    {
        var ring = State.Rings[queue];
        if (refs.Count == 0)
        {
            // gnttab_request_free_callback: the request waits, and with it the queue.
            Context.StartTimer(new GrantRetryDue(queue, State.Round), ResourceDelay);
            return;
        }

        var shadow = ring.Shadows[id];
        var at = 0;
        for (var i = 0; i < shadow.Segments + shadow.IndirectPages && at < refs.Count; i++)
        {
            if (ring.Buffers.Ref(shadow.Buffers[i]) == 0)
            {
                ring.Buffers.SetRef(shadow.Buffers[i], refs[at++]);
            }
        }

        if (State.Connected == BlkifState.Error)
        {
            // The disk has died meanwhile, and who asked has been told.
            ring.Granting = -1;
        }
        else if (!AskForGrants(queue, ring, id))
        {
            ring.Granting = -1;
            Push(ring, id);
            Pump(queue);
        }
    }

    public void On(in GrantRetryDue m)
    {
        if (m.Round == State.Round && State.Rings[m.Queue].Granting is >= 0 and var id)
        {
            AskForGrants(m.Queue, State.Rings[m.Queue], id);
        }
    }

    private void DataEnded(int queue, int id, AccessEnded m)
    {
        var ring = State.Rings[queue];
        var shadow = ring.Shadows[id];
        if (m.StillMapped > 0)
        {
            // Pages that the backend maps still are nobody's to use.
            Broken("blkfront-still-granted", ("ref", Decimal(ring.Buffers.Ref(shadow.Buffers[0]))));
            return;
        }

        for (var i = 0; i < shadow.Segments + shadow.IndirectPages; i++)
        {
            ring.Buffers.ClearRef(shadow.Buffers[i]);
        }

        for (var i = 0; i < shadow.Segments && shadow.Operation == BlkifOp.Read; i++)
        {
            ring.Buffers.SetPage(shadow.Buffers[i], m.Pages.AsMemory(i * Gfn.PageSize, Gfn.PageSize));
        }

        Ended(queue, ring, id);
        Pump(queue);
    }

    // The work runs every ten seconds; here only while it can find something.
    private void PlanPurge(int queue, BlkfrontRing ring)
    {
        if (!ring.PurgePlanned && ring.Buffers.Granted > 0)
        {
            ring.PurgePlanned = true;
            Context.StartTimer(new GrantPurgeDue(queue), PurgeInterval);
        }
    }

    // purge_persistent_grants
    public void On(in GrantPurgeDue m)
    {
        if (m.Queue >= State.Rings.Count)
        {
            return;
        }

        var ring = State.Rings[m.Queue];
        ring.PurgePlanned = false;
        foreach (var place in ring.Buffers.TakeIdle())
        {
            TakeBack([ring.Buffers.Ref(place)], Cookie(BlkfrontAsk.Purge, m.Queue, place));
        }

        if (Context.Now.Nanoseconds - ring.LastUse < PurgeUseful)
        {
            PlanPurge(m.Queue, ring);
        }
    }

    private void Purged(int queue, int place, bool stillMapped)
    {
        var buffers = State.Rings[queue].Buffers;
        if (stillMapped)
        {
            buffers.Give(place);
        }
        else
        {
            buffers.ClearRef(place);
            buffers.GiveLast(place);
        }

        Pump(queue);
    }

    /// <summary>gnttab_end_foreign_access: at once, or by the kernel as soon as nobody maps them any more.</summary>
    private void LetGo(List<uint> refs)
    {
        if (refs.Count > 0)
        {
            Context.Tell(Driver.GrantTable, new EndAccess(refs, Cookie(BlkfrontAsk.Release, 0, 0), Defer: true));
        }
    }
}
