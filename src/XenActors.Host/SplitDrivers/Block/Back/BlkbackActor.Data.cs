using XenActors.Abi;
using XenActors.Hypervisor.EventChannels;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Back;

/// <summary>
/// The data path: a request is copied out of the ring once and checked, its pages are mapped unless they are already, the disk is asked, what
/// was mapped for it alone is unmapped, and only then the response is published. Source of the checks and of their order: Linux' xen-blkback.
/// </summary>
public partial class BlkbackActor
{
    // dispatch_rw_block_io: "back off a bit"
    private static readonly VirtualDuration Rest = VirtualDuration.FromMilliseconds(1);

    /// <summary>Linux' MAX_INDIRECT_SEGMENTS, where the host's blkback knows indirect requests.</summary>
    private const int IndirectSegmentsMax = 256;

    public void On(in EventFired m)
    {
        for (var queue = 0; queue < State.Rings.Count; queue++)
        {
            if (State.Rings[queue].Port == m.Port)
            {
                State.Rings[queue].EventOpen = LateEoi;
                Process(queue);
                return;
            }
        }
    }

    public void On(in RestOver m)
    {
        if (m.Queue < State.Rings.Count)
        {
            State.Rings[m.Queue].Resting = false;
            Process(m.Queue);
        }
    }

    public void On(in WorkDone m)
    {
        if (m.Queue < State.Rings.Count)
        {
            State.Rings[m.Queue].Working = false;
            Process(m.Queue);
        }
    }

    public void On(in DiskDone m)
    {
        if (Request(m.Cookie, out var queue, out var ring, out var place) is not { } request)
        {
            return;
        }

        if (m.Ok && request.Phase == BlkbackPhase.Flushing)
        {
            Write(ring, request, m.Cookie);
            return;
        }

        request.Status = m.Status switch
        {
            DiskStatus.Ok => BlkifStatus.Okay,
            DiskStatus.NotSupported when request.Operation is BlkifOp.FlushDiskcache or BlkifOp.WriteBarrier or BlkifOp.Discard => BlkifStatus.Eopnotsupp,
            _ => BlkifStatus.Error,
        };
        request.Data = m.Data;
        if (request.Status == BlkifStatus.Eopnotsupp)
        {
            NotSupported(request.Operation);
        }

        Unmap(queue, ring, place, m.Cookie);
    }

    /// <summary>Linux 5.10 and later (XSA-332): the next event comes when this one is over.</summary>
    private bool LateEoi => Knows(BlkbackFeatures.Queues);

    // xen_blkif_schedule: when the thread would sleep, the event is over.
    private void Process(int queue)
    {
        var ring = State.Rings[queue];
        TakeRequests(queue, ring);
        if (ring.EventOpen && ring.Runs && !ring.Working)
        {
            ring.EventOpen = false;
            Context.Tell(Driver.EventChannels, new LateEoi(ring.Port, Spurious: !ring.Seen));
            ring.Seen = false;
        }
    }

    /// <summary>do_block_io_op: takes requests until there are none, or one fails its checks.</summary>
    private void TakeRequests(int queue, BlkbackRing ring)
    {
        Span<byte> slot = stackalloc byte[BlkifLayout.X86_64.RequestSize];
        slot = slot[..Layout.RequestSize];
        while (ring.Runs && !ring.Working && !State.Draining)
        {
            var shared = ring.Ring!;
            if (shared.Overflown)
            {
                ring.Halted = true;
                Halted(shared);
                return;
            }

            if (!shared.TryConsume(slot))
            {
                return;
            }

            ring.Seen = true;
            Begin(queue, ring, slot);
            if (RequestCost > VirtualDuration.Zero)
            {
                // Between two requests of the thread, disks' interrupts are served: answers do not wait for all that is on the ring.
                ring.Working = true;
                Context.Tell(Context.Self, new WorkDone(queue));
                return;
            }
        }
    }

    private void Begin(int queue, BlkbackRing ring, ReadOnlySpan<byte> slot)
    {
        Work(RequestCost);
        var place = ring.TakePlace();
        var request = ring.Requests[place];
        var header = BlkifRequest.Read(slot, Layout);
        request.Take(header.Id, header.Operation, header.SectorNumber);
        request.Slot = unchecked(ring.Ring!.ReqCons - 1);
        Context.Note(new RingRequestTaken(Device.OtherDomain, ring.RingRefs[0], header.Id));
        switch (header.Operation)
        {
            case BlkifOp.Discard when Knows(BlkbackFeatures.Discard):
                Discard(queue, ring, place, request, BlkifRequestDiscard.Read(slot, Layout));
                break;
            case BlkifOp.Indirect when Knows(BlkbackFeatures.Indirect):
                Indirect(queue, ring, place, request, slot);
                break;
            case BlkifOp.Read or BlkifOp.Write or BlkifOp.WriteBarrier or BlkifOp.FlushDiskcache when Knows(FeatureOf(header.Operation)):
                Direct(queue, ring, place, request, header.NrSegments, slot);
                break;
            default:
                request.Status = UnknownOperation;
                Respond(queue, ring, place);
                break;
        }
    }

    /// <summary>What an operation gets that this backend does not know.</summary>
    protected virtual BlkifStatus UnknownOperation => BlkifStatus.Eopnotsupp;

    /// <summary>Whether the backend pauses after a request that failed its checks.</summary>
    protected virtual bool Pauses => true;

    private static BlkbackFeatures FeatureOf(BlkifOp operation) => operation switch
    {
        BlkifOp.WriteBarrier => BlkbackFeatures.Barrier,
        BlkifOp.FlushDiskcache => BlkbackFeatures.Flush,
        _ => BlkbackFeatures.None,
    };

    private void Discard(int queue, BlkbackRing ring, int place, BlkbackRequest request, in BlkifRequestDiscard discard)
    {
        request.Sectors = discard.NrSectors;
        if (!Translate(request))
        {
            // dispatch_discard_io does not sleep.
            request.Status = BlkifStatus.Error;
            Respond(queue, ring, place);
            return;
        }

        ring.DiscardRequests++;
        request.Phase = BlkbackPhase.Disk;
        var secure = State.DiscardSecure && (discard.Flag & BlkifLimits.DiscardSecure) != 0;
        Context.Tell(Driver.Disks, new DiskDiscard(State.VolumeId, request.Sector, request.Sectors, secure, Cookie(queue, request, place)));
    }

    private void Direct(int queue, BlkbackRing ring, int place, BlkbackRequest request, int segments, ReadOnlySpan<byte> slot)
    {
        var layout = Layout;
        var flushes = request.Operation is BlkifOp.WriteBarrier or BlkifOp.FlushDiskcache;
        Count(ring, request.Operation);
        if (segments > BlkifLimits.MaxSegmentsPerRequest || (segments == 0 && !flushes))
        {
            Refuse(queue, ring, place);
            return;
        }

        request.Reserve(segments);
        for (var i = 0; i < segments; i++)
        {
            if (!AddSegment(request, BlkifRequest.ReadSegment(slot, layout, i)))
            {
                Refuse(queue, ring, place);
                return;
            }
        }

        Checked(queue, ring, place, request);
    }

    // What every segment says comes from the guest.
    private static bool AddSegment(BlkbackRequest request, BlkifRequestSegment segment)
    {
        if (segment.LastSect >= BlkifSectors.PerPage || segment.LastSect < segment.FirstSect)
        {
            return false;
        }

        var at = request.Segments++;
        request.Refs[at] = segment.Gref.Value;
        request.First[at] = segment.FirstSect;
        request.Last[at] = segment.LastSect;
        request.Sectors += (ulong)(segment.LastSect - segment.FirstSect + 1);
        return true;
    }

    /// <summary>All segments are known: the sectors are looked at, a barrier waits its turn, the pages are mapped.</summary>
    private void Checked(int queue, BlkbackRing ring, int place, BlkbackRequest request)
    {
        if (!Translate(request) || !Aligned(request))
        {
            Refuse(queue, ring, place);
            return;
        }

        if (request.Operation == BlkifOp.WriteBarrier && ring.InFlight > 1)
        {
            request.Phase = BlkbackPhase.Draining;
            ring.Barrier = place;
            return;
        }

        Map(queue, ring, place, request);
    }

    // xen_vbd_translate
    private bool Translate(BlkbackRequest request) =>
        (request.Operation == BlkifOp.Read || !State.ReadOnly)
        && (request.Sectors == 0 || (request.Sector <= State.Sectors && request.Sectors <= State.Sectors - request.Sector));

    private bool Aligned(BlkbackRequest request)
    {
        var mask = (State.LogicalBlockSize / BlkifSectors.Size) - 1;
        if (mask == 0)
        {
            return true;
        }

        for (var i = 0; i < request.Segments; i++)
        {
            if (((request.Sector | (uint)(request.Last[i] - request.First[i] + 1)) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>fail_response: ERROR, and a pause before the next request is looked at.</summary>
    private void Refuse(int queue, BlkbackRing ring, int place)
    {
        ring.Requests[place].Status = BlkifStatus.Error;
        ring.Requests[place].BacksOff = true;
        Respond(queue, ring, place);
    }

    /// <summary>All pages are at hand: the disk is asked.</summary>
    private void Submit(int queue, BlkbackRing ring, int place, BlkbackRequest request)
    {
        var cookie = Cookie(queue, request, place);
        request.Phase = BlkbackPhase.Disk;
        if (request.Operation == BlkifOp.Read)
        {
            ring.ReadSectors += (long)request.Sectors;
            Context.Tell(Driver.Disks, new DiskRead(State.VolumeId, request.Sector, (uint)request.Sectors, cookie));
        }
        else if (request.Operation == BlkifOp.Write)
        {
            Write(ring, request, cookie);
        }
        else if (Suffers(Defects.BlkbackFlushIgnored))
        {
            IgnoreFlush(queue, ring, place, request, cookie);
        }
        else
        {
            // A flush goes before the data, if there is any (REQ_PREFLUSH).
            request.Phase = request.Segments > 0 ? BlkbackPhase.Flushing : BlkbackPhase.Disk;
            Context.Tell(Driver.Disks, new DiskFlush(State.VolumeId, cookie));
        }
    }

    private void Write(BlkbackRing ring, BlkbackRequest request, long cookie)
    {
        request.Phase = BlkbackPhase.Disk;
        ring.WriteSectors += (long)request.Sectors;
        var n = request.Segments;
        var data = Copies ? request.Data : PageBytes.Join(request.Pages.AsSpan(0, n), request.First.AsSpan(0, n), request.Last.AsSpan(0, n), (int)request.Sectors * BlkifSectors.Size);
        Context.Tell(Driver.Disks, new DiskWrite(State.VolumeId, request.Sector, data, Fua: false, cookie));
    }

    private void Respond(int queue, BlkbackRing ring, int place)
    {
        var request = ring.Requests[place];
        var shared = ring.Ring!;
        new BlkifResponse(request.Id, request.Operation, request.Status).WriteTo(shared.NextResponse());
        var published = shared.Publish(ring.RingRefs[0], Persistently(ring, request))!.Value;
        Context.Note(new RingResponseSent(Device.OtherDomain, ring.RingRefs[0], request.Id));
        Context.Tell(ring.Frontend, in published);
        var rests = request.BacksOff && Pauses;
        ring.FreePlace(place);
        if (rests && !ring.Resting)
        {
            ring.Resting = true;
            Context.StartTimer(new RestOver(queue), Rest);
        }

        if (ring.Barrier >= 0 && ring.InFlight == 1)
        {
            var barrier = ring.Barrier;
            ring.Barrier = -1;
            Map(queue, ring, barrier, ring.Requests[barrier]);
            Process(queue);
        }

        if (State.Draining && Drained)
        {
            LetGo();
        }
    }

    private static void Count(BlkbackRing ring, BlkifOp operation)
    {
        switch (operation)
        {
            case BlkifOp.Read:
                ring.ReadRequests++;
                break;
            case BlkifOp.Write:
                ring.WriteRequests++;
                break;
            default:
                ring.FlushRequests++;
                break;
        }
    }

    private static long Cookie(int queue, BlkbackRequest request, int place) => ((long)queue << 48) | ((long)request.Use << 16) | (long)place;

    /// <summary>The request that an answer belongs to; null when it has ended already.</summary>
    private BlkbackRequest? Request(long cookie, out int queue, out BlkbackRing ring, out int place)
    {
        queue = (int)(cookie >> 48);
        place = (int)(cookie & 0xFFFF);
        ring = null!;
        if (queue < 0 || queue >= State.Rings.Count)
        {
            return null;
        }

        ring = State.Rings[queue];
        if (place >= ring.Requests.Length || ring.Ring is null)
        {
            return null;
        }

        var request = ring.Requests[place];
        return request.Phase != BlkbackPhase.Free && request.Use == unchecked((uint)(cookie >> 16)) ? request : null;
    }
}
