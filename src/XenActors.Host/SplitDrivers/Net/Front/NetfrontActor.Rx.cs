using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Net.Front;

/// <summary>
/// Frames from the backend: a page is posted for every slot of the ring, what has been written into it is read when its access has ended, and new
/// pages take the old ones' place. Source: Linux' xen-netfront (<c>xennet_poll</c>, <c>xennet_alloc_rx_buffers</c>).
/// </summary>
public sealed partial class NetfrontActor
{
    /// <summary>RX_COPY_THRESHOLD: a frame whose first slot is short may have one slot more.</summary>
    private const int CopyThreshold = 256;

    // The backend has mapped a ring: it finds in memory what was written before.
    public void On(in SharedPageMapped m)
    {
        var ring = m.Ref == State.TxRef ? State.Tx : m.Ref == State.RxRef ? State.Rx : null;
        if (ring is not null)
        {
            State.Backend = m.By;
            Context.Tell(State.Backend, ring.Remember(m.Ref, []));
        }
    }

    public void On(in ResponsesPublished m)
    {
        if (Sender != State.Backend || State.Tx is null)
        {
            return;
        }

        if (m.Ring == State.TxRef ? State.Tx.Arrive(in m) : m.Ring == State.RxRef && State.Rx!.Arrive(in m))
        {
            var port = m.Ring == State.TxRef ? State.TxPort : State.RxPort;
            Context.Tell(Driver.EventChannels, new RingEvent(port), Driver.Costs.EventRest(Driver.Costs.Link, Context.HasIdleVcpu, Driver.Hvm));
        }
    }

    /// <summary>xennet_alloc_rx_buffers: a page for every free slot.</summary>
    private void PostBuffers()
    {
        var (rx, ring) = (State.FromBackend, State.Rx!);
        var free = ring.Entries - (int)unchecked(ring.ReqProdPvt - ring.RspCons);
        if (!rx.Granting && !State.Broken && free > 0)
        {
            rx.Granting = true;
            Context.Tell(Driver.GrantTable, new GrantHeldPages(Device.OtherDomain, free, ReadOnly: false, 0, default, PagesCookie(RxPages)));
        }
    }

    private void Post(List<uint> refs)
    {
        var (rx, ring) = (State.FromBackend, State.Rx!);
        rx.Granting = false;
        foreach (var reference in refs)
        {
            PostPage(rx, ring, reference);
        }

        PublishRx();
    }

    private void PublishRx()
    {
        if (State.Rx!.Publish(State.RxRef) is { } published && !State.Backend.IsNone)
        {
            Context.Tell(State.Backend, in published);
        }
    }

    private static void PostPage(NetfrontRx rx, FrontRing ring, uint reference)
    {
        // A place of the ring is its request's id.
        var id = (int)(ring.ReqProdPvt & (uint)(ring.Entries - 1));
        rx.Refs[id] = reference;
        new NetifRxRequest((ushort)id, new(reference)).WriteTo(ring.NextRequest());
    }

    /// <summary>xennet_handle_rx and xennet_poll: true when there was anything.</summary>
    private bool TakeRxResponses()
    {
        var (rx, ring) = (State.FromBackend, State.Rx!);
        var queued = ring.Unconsumed;
        if (ring.Overflown)
        {
            Broken($"Illegal number of responses {queued}");
            return false;
        }

        var (read, frames) = (new List<GrantExtent>(), new List<NetfrontRxFrame>());
        Span<byte> bytes = stackalloc byte[NetifRxResponse.SizeOf];
        var before = ring.RspCons;
        while (!State.Broken && ring.TryConsume(bytes))
        {
            frames.Add(TakeFrame(rx, ring, bytes, read));
        }

        if (read.Count > 0)
        {
            rx.Reading.Enqueue(new(frames));
            Context.Tell(Driver.GrantTable, new EndHeldAccess(read, PagesCookie(RxPages)));
        }
        else
        {
            // Pages that were posted again.
            PublishRx();
        }

        return ring.RspCons != before;
    }

    /// <summary>xennet_get_responses: the slots of one frame, the first of which is at hand.</summary>
    private NetfrontRxFrame TakeFrame(NetfrontRx rx, FrontRing ring, Span<byte> bytes, List<GrantExtent> read)
    {
        var first = NetifRxResponse.Read(bytes);
        var (slots, length) = (1, 0);
        var ok = TakePage(rx, ring, Last(ring), in first, read, ref length);
        var (gsoType, gsoSize) = (NetifGsoType.None, (ushort)0);
        for (var more = (first.Flags & NetRxFlags.ExtraInfo) != 0; more;)
        {
            if (!ring.TryConsume(bytes))
            {
                Warn("Missing extra info");
                ok = false;
                break;
            }

            // The page of a slot that brings none is posted again.
            Again(rx, ring, Last(ring));
            var type = NetifExtraInfo.Type(bytes);
            if (type is NetifExtraType.None or > NetifExtraType.Max)
            {
                Warn($"Invalid extra type: {(int)type}");
                ok = false;
            }
            else if (type == NetifExtraType.Gso)
            {
                (gsoType, gsoSize) = (NetifExtraInfo.GsoType(bytes), NetifExtraInfo.GsoSize(bytes));
                ok &= gsoSize > 0 && gsoType is NetifGsoType.Tcpv4 or NetifGsoType.Tcpv6;
            }

            more = (NetifExtraInfo.Flags(bytes) & NetifExtraFlags.More) != 0;
        }

        for (var more = (first.Flags & NetRxFlags.MoreData) != 0; more; slots++)
        {
            if (!ring.TryConsume(bytes))
            {
                Warn("Need more slots");
                ok = false;
                break;
            }

            var next = NetifRxResponse.Read(bytes);
            ok &= TakePage(rx, ring, Last(ring), in next, read, ref length);
            more = (next.Flags & NetRxFlags.MoreData) != 0;
        }

        if (slots > NetifLimits.NrSlotsMin + (first.Status <= CopyThreshold ? 1 : 0))
        {
            Warn("Too many slots");
            ok = false;
        }

        rx.Errors += ok ? 0 : 1;

        // The pages of a frame that is none are read all the same, and forgotten.
        return new(length, ok, first.Flags, gsoType, gsoSize);
    }

    // The index of the response that was taken last.
    private static uint Last(FrontRing ring) => unchecked(ring.RspCons - 1);

    private bool TakePage(NetfrontRx rx, FrontRing ring, uint at, in NetifRxResponse response, List<GrantExtent> read, ref int length)
    {
        var id = (int)(at & (uint)(ring.Entries - 1));
        var reference = rx.Refs[id];
        if (reference == 0)
        {
            Warn($"Bad rx response id {response.Id}.");
            return false;
        }

        if (response.Status < 0 || response.Offset + response.Status > Gfn.PageSize)
        {
            Warn($"rx->offset: {response.Offset}, size: {response.Status}");
            Again(rx, ring, at);
            return false;
        }

        rx.Refs[id] = 0;
        read.Add(new(reference, response.Offset, (ushort)response.Status));
        length += response.Status;
        return true;
    }

    // xennet_move_rx_slot
    private static void Again(NetfrontRx rx, FrontRing ring, uint at)
    {
        var id = (int)(at & (uint)(ring.Entries - 1));
        var reference = rx.Refs[id];
        if (reference != 0)
        {
            rx.Refs[id] = 0;
            PostPage(rx, ring, reference);
        }
    }

    /// <summary>What was in the pages.</summary>
    private void Receive(byte[] data)
    {
        var rx = State.FromBackend;
        var at = 0;
        foreach (var taken in rx.Reading.Dequeue().Frames)
        {
            var bytes = data.AsMemory(at, taken.Bytes);
            at += taken.Bytes;
            if (!taken.Ok)
            {
                continue;
            }

            var frame = new NetFrame(bytes)
            {
                Checksum = (taken.Flags & NetRxFlags.CsumBlank) != 0 ? FrameChecksum.Blank
                    : (taken.Flags & NetRxFlags.DataValidated) != 0 ? FrameChecksum.Validated
                    : FrameChecksum.None,
                GsoType = taken.GsoType,
                GsoSize = taken.GsoSize,
            };
            rx.Count++;
            rx.Bytes += taken.Bytes;
            if (frame.Length < EthernetHeader.SizeOf || !State.Sockets.Deliver(Context, in frame))
            {
                rx.Dropped++;
            }
        }

        PostBuffers();
    }

    private void Warn(string text) => Context.Tell(Driver.Bus, new Printk($"net {State.Name}: {text}"));
}
