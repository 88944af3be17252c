using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>The frontend's pages: mapped for one request, or to stay. Source: Linux' xen-blkback.</summary>
public partial class BlkbackActor
{
    // LRU_INTERVAL, xen_blkif_pgrant_timeout, and LRU_PERCENT_CLEAN of the list's length
    private const long LruInterval = 100_000_000;
    private const long PersistentTimeout = 60_000_000_000;
    private const int LruRoom = PersistentGrants.Max / 100 * 5;

    protected override void MapsDone(MapGrantsResult m)
    {
        if (m.Cookie < 0)
        {
            RingMapped(m);
        }
        else if (Request(m.Cookie, out var queue, out var ring, out var place) is { } request)
        {
            if (request.Phase == BlkbackPhase.Indirect)
            {
                IndirectMapped(queue, ring, place, request, m);
            }
            else
            {
                Mapped(queue, ring, place, request, m);
            }
        }
    }

    public void On(in UnmapGrantsResult m)
    {
        if (Request(m.Cookie, out var queue, out var ring, out var place) is { Phase: BlkbackPhase.Unmapping })
        {
            Respond(queue, ring, place);
        }
    }

    public void On(in PurgeDue m)
    {
        if (m.Queue >= State.Rings.Count)
        {
            return;
        }

        var persistent = State.Rings[m.Queue].Persistent;
        persistent.LookDue = 0;
        var handles = persistent.Purge(Context.Now.Nanoseconds, PersistentTimeout, LruRoom);
        if (handles.Count > 0)
        {
            Work(Driver.Costs.UnmapBatch(handles.Count));
            Context.Tell(GuestGrants, new UnmapGrants(handles, null, NobodysCookie));
        }

        PlanPurge(m.Queue, persistent);
    }

    /// <summary>No request, no ring: nobody waits for this answer.</summary>
    private const long NobodysCookie = long.MaxValue;

    private ActorRef GuestGrants => Driver.Places.GrantTable(Device.OtherDomain);

    // Its indirect pages first: they hold the segments.
    private void Indirect(int queue, BlkbackRing ring, int place, BlkbackRequest request, ReadOnlySpan<byte> slot)
    {
        var header = BlkifRequestIndirect.Read(slot, Layout);
        request.Operation = header.IndirectOp;
        request.Sector = header.SectorNumber;
        request.Id = header.Id;
        if (header.IndirectOp is not (BlkifOp.Read or BlkifOp.Write))
        {
            Refuse(queue, ring, place);
            return;
        }

        Count(ring, header.IndirectOp);
        if (header.NrSegments is 0 or > IndirectSegmentsMax)
        {
            Refuse(queue, ring, place);
            return;
        }

        var pages = (header.NrSegments + BlkifRequestIndirect.SegmentsPerPage - 1) / BlkifRequestIndirect.SegmentsPerPage;
        request.Reserve(Math.Max((int)header.NrSegments, pages));
        request.IndirectPages = pages;
        request.Sectors = header.NrSegments;
        for (var i = 0; i < pages; i++)
        {
            request.Refs[i] = BlkifRequestIndirect.ReadGref(slot, Layout, i).Value;
        }

        request.Phase = BlkbackPhase.Indirect;
        if (!AskToMap(queue, ring, place, request, pages, readOnly: true))
        {
            IndirectParsed(queue, ring, place, request);
        }
    }

    private void IndirectMapped(int queue, BlkbackRing ring, int place, BlkbackRequest request, MapGrantsResult m)
    {
        if (TakeMapped(ring, request, request.IndirectPages, m))
        {
            IndirectParsed(queue, ring, place, request);
            return;
        }

        GiveBack(ring, request, request.IndirectPages);
        Refuse(queue, ring, place);
    }

    // xen_blkbk_parse_indirect: a private copy of each segment, from pages that the guest may be writing to.
    private void IndirectParsed(int queue, BlkbackRing ring, int place, BlkbackRequest request)
    {
        var count = (int)request.Sectors;
        Span<byte> segments = stackalloc byte[IndirectSegmentsMax * BlkifRequestSegment.SizeOf];
        segments = segments[..(count * BlkifRequestSegment.SizeOf)];
        for (var at = 0; at < segments.Length; at += Gfn.PageSize)
        {
            var part = segments[at..Math.Min(segments.Length, at + Gfn.PageSize)];
            PageBytes.Whole(request.Pages[at / Gfn.PageSize]).Span[..part.Length].CopyTo(part);
        }

        GiveBack(ring, request, request.IndirectPages);
        request.IndirectPages = 0;
        request.Sectors = 0;
        for (var i = 0; i < count; i++)
        {
            if (!AddSegment(request, BlkifRequestSegment.Read(segments[(i * BlkifRequestSegment.SizeOf)..])))
            {
                Refuse(queue, ring, place);
                return;
            }
        }

        Checked(queue, ring, place, request);
    }

    private void Map(int queue, BlkbackRing ring, int place, BlkbackRequest request)
    {
        if (Copies)
        {
            CopyIn(queue, ring, place, request);
            return;
        }

        request.Phase = BlkbackPhase.Mapping;
        var readOnly = request.Operation != BlkifOp.Read && !State.Persistent;
        if (!AskToMap(queue, ring, place, request, request.Segments, readOnly))
        {
            Submit(queue, ring, place, request);
        }
    }

    /// <summary>Claims what is mapped already, and asks for the rest; false when there is no rest.</summary>
    private bool AskToMap(int queue, BlkbackRing ring, int place, BlkbackRequest request, int pages, bool readOnly)
    {
        List<uint>? missing = null;
        for (var i = 0; i < pages; i++)
        {
            var reference = request.Refs[i];
            if (State.Persistent && ring.Persistent.Claim(reference))
            {
                request.Mapped[i] = BlkbackMapping.Persistent;
                request.Pages[i] = ring.Persistent.TakeContent(reference);
            }
            else
            {
                request.Mapped[i] = BlkbackMapping.None;
                (missing ??= []).Add(reference);
            }
        }

        if (missing is null)
        {
            return false;
        }

        Work(Driver.Costs.MapBatch(missing.Count));
        Context.Tell(GuestGrants, new MapGrants(missing, readOnly && !State.Persistent, Cookie(queue, request, place)));
        return true;
    }

    private void Mapped(int queue, BlkbackRing ring, int place, BlkbackRequest request, MapGrantsResult m)
    {
        if (TakeMapped(ring, request, request.Segments, m))
        {
            Submit(queue, ring, place, request);
            return;
        }

        // What could be mapped is given back, the request fails.
        request.Status = BlkifStatus.Error;
        request.BacksOff = true;
        Unmap(queue, ring, place, m.Cookie);
    }

    /// <summary>Each page that was asked for is there for this request, or to stay; false when one could not be mapped.</summary>
    private bool TakeMapped(BlkbackRing ring, BlkbackRequest request, int pages, MapGrantsResult m)
    {
        if (Suffers(Defects.BlkbackMapFailureLeaks) && m.Statuses.Exists(s => s != GnttabStatus.Okay))
        {
            return false;
        }

        var all = true;
        var at = 0;
        for (var i = 0; i < pages; i++)
        {
            if (request.Mapped[i] != BlkbackMapping.None)
            {
                continue;
            }

            if (m.Statuses[at] != GnttabStatus.Okay)
            {
                all = false;
                at++;
                continue;
            }

            var reference = request.Refs[i];
            request.Handles[i] = m.Handles[at];
            request.Mapped[i] = State.Persistent && ring.Persistent.Add(reference, m.Handles[at]) ? BlkbackMapping.Persistent : BlkbackMapping.Own;
            var written = State.Persistent ? ring.Persistent.TakeContent(reference) : default;
            request.Pages[i] = written.IsEmpty ? m.Pages.AsMemory(at * Gfn.PageSize, Gfn.PageSize) : written;
            at++;
        }

        return all;
    }

    /// <summary>xen_blkbk_unmap: pages that stay are idle again, the others are given back at once.</summary>
    private void GiveBack(BlkbackRing ring, BlkbackRequest request, int pages)
    {
        if (MakeIdle(ring, request, pages) is { } handles)
        {
            Work(Driver.Costs.UnmapBatch(handles.Count));
            Context.Tell(GuestGrants, new UnmapGrants(handles, null, NobodysCookie));
        }
    }

    /// <summary>The request's end: what was mapped for it alone is unmapped before the response.</summary>
    private void Unmap(int queue, BlkbackRing ring, int place, long cookie)
    {
        var request = ring.Requests[place];
        if (Copies)
        {
            CopyOut(queue, ring, place, request, cookie);
            return;
        }

        if (MakeIdle(ring, request, request.Segments) is not { } handles)
        {
            if (request.Segments > 0)
            {
                PlanPurge(queue, ring.Persistent);
            }

            Respond(queue, ring, place);
            return;
        }

        request.Phase = BlkbackPhase.Unmapping;
        Work(Driver.Costs.UnmapBatch(handles.Count));
        Context.Tell(GuestGrants, new UnmapGrants(handles, Written(ring, request), cookie));
    }

    /// <summary>Handles of the mappings that end; null when there are none.</summary>
    private List<uint>? MakeIdle(BlkbackRing ring, BlkbackRequest request, int pages)
    {
        List<uint>? handles = null;
        for (var i = 0; i < pages; i++)
        {
            switch (request.Mapped[i])
            {
                case BlkbackMapping.Own:
                    (handles ??= []).Add(request.Handles[i]);
                    break;
                case BlkbackMapping.Persistent:
                    ring.Persistent.Release(request.Refs[i], Context.Now.Nanoseconds);
                    break;
            }

            request.Mapped[i] = BlkbackMapping.None;
        }

        return handles;
    }

    /// <summary>The pages that a read has filled, as they leave with their mappings; null when the frontend gets them with the response.</summary>
    private byte[]? Written(BlkbackRing ring, BlkbackRequest request)
    {
        if (State.Persistent || request.Operation != BlkifOp.Read || request.Status != BlkifStatus.Okay)
        {
            return null;
        }

        for (var i = 0; i < request.Segments; i++)
        {
            Context.Note(new ForeignPageWritten(Device.OtherDomain, Target(ring, request, i)));
        }

        if (request.Data.Length == request.Segments * Gfn.PageSize)
        {
            return request.Data;
        }

        var pages = new byte[request.Segments * Gfn.PageSize];
        var at = 0;
        for (var i = 0; i < request.Segments; i++)
        {
            var length = (request.Last[i] - request.First[i] + 1) * BlkifSectors.Size;
            request.Pages[i].Span.CopyTo(pages.AsSpan(i * Gfn.PageSize));
            request.Data.AsSpan(at, length).CopyTo(pages.AsSpan((i * Gfn.PageSize) + (request.First[i] * BlkifSectors.Size)));
            at += length;
        }

        return pages;
    }

    /// <summary>What a read has written into pages that stay mapped: it arrives with the response.</summary>
    private PageWrite[]? Persistently(BlkbackRing ring, BlkbackRequest request)
    {
        if (!State.Persistent || request.Operation != BlkifOp.Read || request.Status != BlkifStatus.Okay)
        {
            return null;
        }

        var writes = new PageWrite[request.Segments];
        var at = 0;
        for (var i = 0; i < writes.Length; i++)
        {
            var length = (request.Last[i] - request.First[i] + 1) * BlkifSectors.Size;
            var target = Target(ring, request, i);
            Context.Note(new ForeignPageWritten(Device.OtherDomain, target));
            writes[i] = new(target, (ushort)(request.First[i] * BlkifSectors.Size), request.Data.AsMemory(at, length));
            at += length;
        }

        return writes;
    }

    // The thread wakes every 100 ms to look; here only when there can be something to find.
    private void PlanPurge(int queue, PersistentGrants persistent)
    {
        var overfull = persistent.Overflown && persistent.Count >= PersistentGrants.Max;
        var now = Context.Now.Nanoseconds;
        if (persistent.Count == 0 || (persistent.LookDue != 0 && (!overfull || persistent.LookDue <= now + LruInterval)))
        {
            return;
        }

        var due = overfull ? now + 1 : Math.Max(now + 1, (persistent.Oldest() ?? now) + PersistentTimeout);
        due = (due + LruInterval - 1) / LruInterval * LruInterval;
        persistent.LookDue = due;
        Context.StartTimer(new PurgeDue(queue), new VirtualDuration(due - now));
    }
}
