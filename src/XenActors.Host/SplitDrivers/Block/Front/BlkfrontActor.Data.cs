using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>
/// The data path: a request of the block layer becomes as many ring requests as it needs, each takes its pages from the pool, has them granted
/// unless they are already, and goes through the ring. What comes back is in
/// <c>BlkfrontActor.Responses.cs</c>. Source: Linux' xen-blkfront.
/// </summary>
public sealed partial class BlkfrontActor
{
    // A body of a gigabyte; the block layer's requests are far smaller.
    private const uint MaxSectors = 1 << 21;

    // The handle is 16 bits wide; what an extended number has beyond them is cut off, as Linux does.
    private ushort VbdHandle => unchecked((ushort)State.VirtualDevice);

    private BlkifLayout Layout => State.X86_32 ? BlkifLayout.X86_32 : BlkifLayout.X86_64;

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
        Context.Note(new RingRequestSent(ring.RingRefs[0], (ulong)id));
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
            var length = SectorsOf(shadow, i) * BlkifSectors.Size;

            // A ring that brought a wrong response may have a slot out whose request was answered: its page holds what it held.
            if (at + length <= io.Data.Length)
            {
                writes.Add(new(ring.Buffers.Ref(shadow.Buffers[i]), 0, io.Data.AsMemory(at, length)));
            }
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
}
