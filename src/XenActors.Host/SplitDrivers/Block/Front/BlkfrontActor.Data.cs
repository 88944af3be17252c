using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>
/// The data path: a request of the block layer becomes as many ring requests as it needs, each takes its pages from the pool, has them granted
/// unless they are already, and goes through the ring; the last answer ends it. Source: Linux' xen-blkfront.
/// </summary>
public sealed partial class BlkfrontActor
{
    // A body of a gigabyte; the block layer's requests are far smaller.
    private const uint MaxSectors = 1 << 21;

    // The handle is 16 bits wide; what an extended number has beyond them is cut off, as Linux does.
    private ushort VbdHandle => unchecked((ushort)State.VirtualDevice);

    private BlkifLayout Layout => Driver.Profile.Has("x86-32") ? BlkifLayout.X86_32 : BlkifLayout.X86_64;

    public void On(in BlockRequest m)
    {
        var status = Judge(in m);
        if (status != BlockStatus.Ok)
        {
            Context.Tell(Sender, new BlockDone(m.Cookie, status, []));
            return;
        }

        var place = TakeIo();
        var io = State.Ios[place];
        io.Asker = Sender;
        io.Cookie = m.Cookie;
        io.Serial = State.NextSerial++;
        io.Operation = m.Operation;
        io.Flags = m.Flags;
        io.Sector = m.Sector;
        io.Count = m.Count;
        io.Data = m.Data;
        io.Rewind();
        if (State.Connected != BlkifState.Connected)
        {
            State.Requeued.Add(place);
            return;
        }

        Enqueue(place);
    }

    // What the driver would not put on a ring. The rest is the block layer's to keep within the limits.
    private BlockStatus Judge(in BlockRequest m)
    {
        var alive = State.Connected == BlkifState.Connected || (State.Connected == BlkifState.Suspended && State.Appeared);
        var features = State.Features;
        var most = m.Operation is BlockOperation.Read or BlockOperation.Write ? MaxSectors : uint.MaxValue;
        var fits = m.Operation == BlockOperation.Flush || (m.Count > 0 && m.Count <= most && m.Sector <= State.Sectors && m.Count <= State.Sectors - m.Sector);
        return m.Operation switch
        {
            _ when !alive || !fits => BlockStatus.IoError,
            BlockOperation.Read => BlockStatus.Ok,

            // blkif_request_flush_invalid
            BlockOperation.Write => m.Data.Length == m.Count * (long)BlkifSectors.Size && ((m.Flags & BlockFlags.Fua) == 0 || features.Fua)
                ? BlockStatus.Ok
                : BlockStatus.IoError,
            BlockOperation.Flush => features.Flush ? BlockStatus.Ok : BlockStatus.IoError,
            BlockOperation.Discard => features.Discard ? BlockStatus.Ok : BlockStatus.NotSupported,
            BlockOperation.SecureErase => features.SecureDiscard ? BlockStatus.Ok : BlockStatus.NotSupported,
            _ => BlockStatus.NotSupported,
        };
    }

    private int TakeIo()
    {
        if (State.FreeIos.Count == 0)
        {
            State.Ios.Add(new BlkfrontIo());
            return State.Ios.Count - 1;
        }

        var place = State.FreeIos[^1];
        State.FreeIos.RemoveAt(State.FreeIos.Count - 1);
        return place;
    }

    private void Enqueue(int place)
    {
        var queue = State.NextQueue < State.Rings.Count ? State.NextQueue : 0;
        State.NextQueue = queue + 1;
        State.Rings[queue].Pending.Enqueue(place);
        Pump(queue);
    }

    /// <summary>Puts on the ring what fits, and publishes it.</summary>
    private void Pump(int queue)
    {
        var ring = State.Rings[queue];
        var pages = State.Features.Segments + State.Features.IndirectPages;
        while (State.Connected == BlkifState.Connected && ring.Granting < 0 && ring.Pending.Count > 0 && !ring.Ring.Full && ring.HasFreeId
            && ring.Buffers.FreePages >= pages)
        {
            var place = ring.Pending.Peek();
            var id = ring.TakeId();
            var shadow = ring.Shadows[id];
            shadow.Io = place;
            Begin(State.Ios[place], shadow);
            if (State.Ios[place].AllBegun)
            {
                ring.Pending.Dequeue();
            }

            for (var i = 0; i < shadow.Segments + shadow.IndirectPages; i++)
            {
                shadow.Buffers[i] = ring.Buffers.Take();
            }

            shadow.Status = ShadowStatus.Granting;
            if (AskForGrants(queue, ring, id))
            {
                ring.Granting = id;
                break;
            }

            Push(ring, id);
        }

        PublishRequests(ring);
    }

    /// <summary>The next part of a request: as many sectors as one ring request can carry.</summary>
    private void Begin(BlkfrontIo io, BlkfrontShadow shadow)
    {
        io.Out++;
        shadow.From = io.Begun;
        shadow.Segments = 0;
        shadow.IndirectPages = 0;
        shadow.Operation = Operation(io);
        if (io.Operation is BlockOperation.Read or BlockOperation.Write)
        {
            var most = shadow.Operation == BlkifOp.WriteBarrier ? BlkifLimits.MaxSegmentsPerRequest : State.Features.Segments;
            shadow.Count = Math.Min(io.Count - io.Begun, (uint)(most * BlkifSectors.PerPage));
            shadow.Segments = (int)(shadow.Count + BlkifSectors.PerPage - 1) / BlkifSectors.PerPage;
            shadow.IndirectPages = shadow.Segments > BlkifLimits.MaxSegmentsPerRequest ? BlkfrontFeatures.PagesFor(shadow.Segments) : 0;
        }
        else
        {
            shadow.Count = io.Count;
        }

        io.Begun += shadow.Count;
        io.AllBegun = io.Begun >= io.Count;
    }

    // A barrier does what a flush and what FUA do, where there is nothing else.
    private BlkifOp Operation(BlkfrontIo io) => io.Operation switch
    {
        BlockOperation.Read => BlkifOp.Read,
        BlockOperation.Write => (io.Flags & BlockFlags.Fua) != 0 ? BlkifOp.WriteBarrier : BlkifOp.Write,
        BlockOperation.Flush => State.Features.Fua ? BlkifOp.WriteBarrier : BlkifOp.FlushDiskcache,
        _ => BlkifOp.Discard,
    };

    /// <summary>All pages have references: the slot is filled, and what the pages hold goes with the next publication.</summary>
    private void Push(BlkfrontRing ring, int id)
    {
        var shadow = ring.Shadows[id];
        var io = State.Ios[shadow.Io];
        shadow.Status = ShadowStatus.Waiting;
        var slot = ring.Ring.NextRequest();
        var layout = Layout;
        if (shadow.Operation == BlkifOp.Discard)
        {
            var flag = io.Operation == BlockOperation.SecureErase ? BlkifLimits.DiscardSecure : (byte)0;
            new BlkifRequestDiscard(flag, VbdHandle, (ulong)id, io.Sector, io.Count).WriteTo(slot, layout);
            return;
        }

        var sector = shadow.Segments > 0 ? io.Sector + shadow.From : 0;
        if (shadow.IndirectPages > 0)
        {
            new BlkifRequestIndirect(shadow.Operation, (ushort)shadow.Segments, (ulong)id, sector, VbdHandle).WriteTo(slot, layout);
            for (var i = 0; i < shadow.IndirectPages; i++)
            {
                BlkifRequestIndirect.WriteGref(slot, layout, i, new GrantRef(ring.Buffers.Ref(shadow.Buffers[shadow.Segments + i])));
            }
        }
        else
        {
            new BlkifRequest(shadow.Operation, (byte)shadow.Segments, VbdHandle, (ulong)id, sector).WriteTo(slot, layout);
            for (var i = 0; i < shadow.Segments; i++)
            {
                BlkifRequest.WriteSegment(slot, layout, i, Segment(ring, shadow, i));
            }
        }

        if (State.Features.Persistent)
        {
            WritePages(ring, shadow, io, ring.Writes);
            if (io.Operation == BlockOperation.Write)
            {
                Copied(shadow.Count * BlkifSectors.Size);
            }
        }
    }

    private static BlkifRequestSegment Segment(BlkfrontRing ring, BlkfrontShadow shadow, int i) =>
        new(new GrantRef(ring.Buffers.Ref(shadow.Buffers[i])), 0, (byte)(SectorsOf(shadow, i) - 1));

    private static int SectorsOf(BlkfrontShadow shadow, int i) => Math.Min(BlkifSectors.PerPage, (int)shadow.Count - (i * BlkifSectors.PerPage));

    /// <summary>What the frontend writes into pages that stay granted.</summary>
    private static void WritePages(BlkfrontRing ring, BlkfrontShadow shadow, BlkfrontIo io, List<PageWrite> writes)
    {
        for (var i = 0; i < shadow.IndirectPages; i++)
        {
            writes.Add(new(ring.Buffers.Ref(shadow.Buffers[shadow.Segments + i]), 0, IndirectPage(ring, shadow, i)));
        }

        if (io.Operation != BlockOperation.Write)
        {
            return;
        }

        for (var i = 0; i < shadow.Segments; i++)
        {
            var at = (int)(shadow.From + ((uint)i * BlkifSectors.PerPage)) * BlkifSectors.Size;
            writes.Add(new(ring.Buffers.Ref(shadow.Buffers[i]), 0, io.Data.AsMemory(at, SectorsOf(shadow, i) * BlkifSectors.Size)));
        }
    }

    private static byte[] IndirectPage(BlkfrontRing ring, BlkfrontShadow shadow, int page)
    {
        var first = page * BlkifRequestIndirect.SegmentsPerPage;
        var bytes = new byte[Gfn.PageSize];
        for (var i = first; i < shadow.Segments && i < first + BlkifRequestIndirect.SegmentsPerPage; i++)
        {
            Segment(ring, shadow, i).WriteTo(bytes.AsSpan((i - first) * BlkifRequestSegment.SizeOf));
        }

        return bytes;
    }

    private void PublishRequests(BlkfrontRing ring)
    {
        PageWrite[] writes = ring.Writes.Count == 0 ? [] : [.. ring.Writes];
        if (ring.Ring.Publish(ring.RingRefs[0], writes) is { } published)
        {
            ring.Writes.Clear();
            Context.Tell(ring.Backend, in published);
        }
    }

    // The ring is mapped: from now on the two ends publish to each other. A backend that comes again finds in memory what was there.
    public void On(in SharedPageMapped m)
    {
        foreach (var ring in State.Rings)
        {
            if (ring.RingRefs.Count == 0 || ring.RingRefs[0] != m.Ref || ring.Backend == m.By)
            {
                continue;
            }

            var again = !ring.Backend.IsNone;
            ring.Backend = m.By;
            if (again)
            {
                var writes = new List<PageWrite>();
                foreach (var shadow in ring.Shadows)
                {
                    if (shadow.Status == ShadowStatus.Waiting && State.Features.Persistent)
                    {
                        WritePages(ring, shadow, State.Ios[shadow.Io], writes);
                    }
                }

                Context.Tell(ring.Backend, ring.Ring.Remember(m.Ref, [.. writes]));
            }
        }
    }

    public void On(in ResponsesPublished m)
    {
        foreach (var ring in State.Rings)
        {
            if (ring.RingRefs.Count > 0 && ring.RingRefs[0] == m.Ring && Sender == ring.Backend)
            {
                foreach (ref readonly var page in m.Pages.AsSpan())
                {
                    ring.Buffers.Arrive(in page);
                }

                if (ring.Ring.Arrive(in m))
                {
                    Context.Tell(Driver.EventChannels, new RingEvent(ring.Port), Driver.Costs.EventRest(Driver.Costs.Link, Context.HasIdleVcpu));
                }

                return;
            }
        }
    }

    // Since 5.16 (XSA-391) the backend is not trusted with the frequency of its events.
    private bool LateEoi => Driver.Profile.Has("blkfront-late-eoi");

    // blkif_interrupt
    public void On(in EventFired m)
    {
        for (var queue = 0; queue < State.Rings.Count; queue++)
        {
            if (State.Rings[queue].Port == m.Port)
            {
                var ring = State.Rings[queue];
                var before = ring.Ring.RspCons;
                TakeResponses(queue);

                // A disk that is dead gets no more events.
                if (LateEoi && State.Connected != BlkifState.Error)
                {
                    Context.Tell(Driver.EventChannels, new LateEoi(m.Port, Spurious: ring.Ring.RspCons == before));
                }

                return;
            }
        }
    }

    private void TakeResponses(int queue)
    {
        var ring = State.Rings[queue];
        Span<byte> bytes = stackalloc byte[BlkifLayout.X86_64.ResponseSize];
        bytes = bytes[..Layout.ResponseSize];
        while (State.Connected != BlkifState.Error)
        {
            if (ring.Ring.Overflown)
            {
                Broken("blkfront-illegal-responses", ("number", Decimal(ring.Ring.Unconsumed)));
                return;
            }

            if (!ring.Ring.TryConsume(bytes))
            {
                break;
            }

            if (!Answered(queue, ring, BlkifResponse.Read(bytes)))
            {
                return;
            }
        }

        Pump(queue);
    }

    private bool Answered(int queue, BlkfrontRing ring, in BlkifResponse response)
    {
        if (response.Id >= (ulong)ring.Shadows.Length)
        {
            Broken("blkfront-incorrect-id", ("id", response.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return false;
        }

        var id = (int)response.Id;
        var shadow = ring.Shadows[id];
        if (shadow.Status != ShadowStatus.Waiting)
        {
            Broken("blkfront-no-pending");
            return false;
        }

        if (response.Operation != shadow.Operation)
        {
            Broken("blkfront-wrong-operation", ("operation", Decimal((int)response.Operation)), ("expected", Decimal((int)shadow.Operation)));
            return false;
        }

        shadow.Answer = response.Status;
        shadow.Status = ShadowStatus.Ending;
        if (State.Features.Persistent || shadow.Segments == 0)
        {
            Ended(queue, ring, id);
        }
        else
        {
            Context.Tell(Driver.GrantTable, new EndAccess(RefsOf(ring, shadow), Cookie(BlkfrontAsk.End, queue, id)));
        }

        return true;
    }

    /// <summary>A ring request is over, its pages are this end's again.</summary>
    private void Ended(int queue, BlkfrontRing ring, int id)
    {
        var shadow = ring.Shadows[id];
        var place = shadow.Io;
        var io = State.Ios[place];
        if (shadow.Answer != BlkifStatus.Okay)
        {
            Failed(io, shadow);
        }
        else if (shadow.Operation == BlkifOp.Read)
        {
            if (State.Features.Persistent)
            {
                Copied(shadow.Count * BlkifSectors.Size);
            }

            var pages = shadow.Buffers.AsSpan(0, shadow.Segments);
            if (shadow.Count == io.Count)
            {
                io.Data = ring.Buffers.Join(pages, (int)io.Count * BlkifSectors.Size);
            }
            else
            {
                if (io.Data.Length == 0)
                {
                    io.Data = new byte[io.Count * BlkifSectors.Size];
                }

                ring.Buffers.Copy(pages, io.Data.AsSpan((int)shadow.From * BlkifSectors.Size, (int)shadow.Count * BlkifSectors.Size));
            }
        }

        for (var i = shadow.Segments + shadow.IndirectPages - 1; i >= 0; i--)
        {
            ring.Buffers.Give(shadow.Buffers[i]);
        }

        ring.FreeTheId(id);
        ring.LastUse = Context.Now.Nanoseconds;
        PlanPurge(queue, ring);
        if (--io.Out == 0 && io.AllBegun)
        {
            Done(place, io);
        }
    }

    // The kernel's memcpy takes a vCPU's time.
    private void Copied(long bytes)
    {
        State.BytesCopied += bytes;
        if (Driver.Costs.CopyBandwidth > 0)
        {
            Context.Work(Driver.Costs.Copy(bytes));
        }
    }

    private void Done(int place, BlkfrontIo io)
    {
        var data = io.Operation == BlockOperation.Read && io.Status == BlockStatus.Ok ? io.Data : [];
        Context.Tell(io.Asker, new BlockDone(io.Cookie, io.Status, data));
        io.Asker = ActorRef.None;
        io.Data = [];
        State.FreeIos.Add(place);
    }

    private void Failed(BlkfrontIo io, BlkfrontShadow shadow)
    {
        if (shadow.Operation == BlkifOp.Discard && shadow.Answer == BlkifStatus.Eopnotsupp)
        {
            io.Status = BlockStatus.NotSupported;
            Print("blkfront-op-failed", ("disk", State.DiskName), ("op", "discard"));
            State.Features = State.Features with { Discard = false, SecureDiscard = false };
            TellLimits();
            return;
        }

        var flushes = shadow.Operation is BlkifOp.FlushDiskcache or BlkifOp.WriteBarrier;
        var empty = shadow.Answer == BlkifStatus.Error && shadow.Segments == 0;
        if (!flushes)
        {
            io.Status = BlockStatus.IoError;
            return;
        }

        if (shadow.Answer == BlkifStatus.Eopnotsupp || empty)
        {
            var name = shadow.Operation == BlkifOp.WriteBarrier ? "barrier" : "flush";
            var oldName = shadow.Operation == BlkifOp.WriteBarrier ? "barrier" : "flush disk cache";
            Print("blkfront-op-failed", ("disk", State.DiskName), ("op", empty ? "empty " + name : name), ("flush-op", oldName));
        }
        else
        {
            io.Status = BlockStatus.IoError;
        }

        State.Features = State.Features with { Flush = false, Fua = false };
        PrintFeatures();
        TellLimits();
    }
}
