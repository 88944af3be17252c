using XenActors.Abi;
using XenActors.Guest.Block;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Machine;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Block.Front;

/// <summary>What comes back on the data path: the backend's pages and responses; the last response of a request ends it.</summary>
public sealed partial class BlkfrontActor
{
    // The ring is mapped: from now on the two ends publish to each other. A backend that comes again finds in memory what was there.
    public void On(in SharedPageMapped m)
    {
        foreach (var ring in State.Rings)
        {
            if (ring.RingRefs.Count == 0 || ring.RingRefs[0] != m.Ref)
            {
                continue;
            }

            var again = !ring.Backend.IsNone;
            ring.Backend = m.By;

            // Who asked a disk that is dead has been told so: nothing is asked for a second time.
            if (again && State.Connected != BlkifState.Error)
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
                    Context.Tell(Driver.EventChannels, new RingEvent(ring.Port), Driver.Costs.EventRest(Driver.Costs.Link, Context.HasIdleVcpu, Driver.Hvm));
                }

                return;
            }
        }
    }

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
                if (State.LateEoi && State.Connected != BlkifState.Error)
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
        Context.Note(new RingResponseTaken(ring.RingRefs[0], response.Id));
        if (Suffers(Defects.BlkfrontResponseIdUnchecked))
        {
            return Believed(queue, ring, in response);
        }

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

        End(queue, ring, id, response.Status);
        return true;
    }

    // What the response says is taken as its answer.
    private void End(int queue, BlkfrontRing ring, int id, BlkifStatus answer)
    {
        var shadow = ring.Shadows[id];
        Context.Note(new RingResponseBelieved(ring.RingRefs[0], (ulong)id));
        shadow.Answer = answer;
        shadow.Status = ShadowStatus.Ending;
        if (State.Features.Persistent || shadow.Segments == 0)
        {
            Ended(queue, ring, id);
        }
        else
        {
            TakeBack(RefsOf(ring, shadow), Cookie(BlkfrontAsk.End, queue, id));
        }
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
        if (--io.Out == 0 && io.AllBegun && !io.Asker.IsNone)
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
