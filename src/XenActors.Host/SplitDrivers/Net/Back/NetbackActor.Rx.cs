using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net.Bridge;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>
/// Frames for the guest: they wait in a queue for the buffers that it posts, are copied into them, and their slots are answered. A guest that posts
/// none for a minute loses its carrier. Source: Linux' xen-netback (<c>rx.c</c>).
/// </summary>
public sealed partial class NetbackActor
{
    /// <summary>RX_BATCH_SIZE: frames of one turn.</summary>
    private const int RxBatch = 64;

    /// <summary>XENVIF_RX_QUEUE_BYTES: half a ring of pages.</summary>
    private const long RxQueueBytesMax = 128 * Gfn.PageSize;

    // rx_drain_timeout_msecs; 30 ms for a frontend that does not tell of its buffers
    private static readonly VirtualDuration DrainTimeout = VirtualDuration.FromSeconds(10);
    private static readonly VirtualDuration DrainTimeoutUntold = VirtualDuration.FromMilliseconds(30);

    // rx_stall_timeout_msecs
    private static readonly VirtualDuration StallTimeout = VirtualDuration.FromSeconds(60);

    // From the bridge: xenvif_start_xmit.
    public void On(in TransmitFrame m)
    {
        var rx = State.ToGuest;
        if (!State.Attached || State.Disabled || (rx.Stalled && StallDetection) || rx.QueueBytes >= RxQueueBytesMax || !TakesGso(m.Frame))
        {
            rx.Dropped++;
            return;
        }

        rx.Queue.Enqueue(new(m.Frame, Context.Now + (Told ? DrainTimeout : DrainTimeoutUntold)));
        rx.QueueBytes += m.Frame.Length;
        RxWork();
    }

    public void On(in RxQueueDue m)
    {
        if (m.Round == State.Round && State.Attached)
        {
            State.ToGuest.Planned = false;
            RxWork();
        }
    }

    private bool Told => (State.Frontends & NetbackFeatures.RxNotify) != 0;

    // Linux 3.18 and later; for a frontend that does not tell of its buffers there is none.
    private bool StallDetection => Told && LateEoi;

    // xenvif_have_rx_work
    private bool HasRxWork => State.Rx is { } rx && HasWork(Posted(rx));

    private bool HasWork(uint posted)
    {
        var rx = State.ToGuest;
        return (rx.Queue.Count > 0 && posted >= SlotsFor(rx.Queue.Peek().Frame)) || (rx.Stalled && posted > 0);
    }

    private NetbackFeatures FeaturesOfFrontend() =>
        (Says("feature-rx-notify") ? NetbackFeatures.RxNotify : 0)
        | (Says("feature-sg") ? NetbackFeatures.Sg : 0)
        | (Says("feature-gso-tcpv4") ? NetbackFeatures.GsoTcpv4 : 0)
        | (Says("feature-gso-tcpv6") ? NetbackFeatures.GsoTcpv6 : 0);

    private bool Says(string key) => Xs.Number(Device.OtherPath(key)) is not (null or 0);

    // Cutting a packet for a guest that cannot is not modelled.
    private bool TakesGso(in NetFrame frame) => frame.GsoType switch
    {
        NetifGsoType.None => true,
        NetifGsoType.Tcpv4 => (State.Frontends & NetbackFeatures.GsoTcpv4) != 0,
        NetifGsoType.Tcpv6 => (State.Frontends & NetbackFeatures.GsoTcpv6) != 0,
        _ => false,
    };

    // By the guest's word, and never more than the ring has.
    private static uint Posted(BackRing ring) =>
        Math.Min(unchecked(ring.ReqProd - ring.ReqCons), (uint)ring.Entries - Math.Min((uint)ring.Entries, unchecked(ring.ReqCons - ring.RspProdPvt)));

    private static uint SlotsFor(in NetFrame frame) => (uint)((frame.Length + Gfn.PageSize - 1) / Gfn.PageSize) + (frame.IsGso ? 1u : 0);

    /// <summary>One turn of the guest-rx thread.</summary>
    private void RxWork()
    {
        var rx = State.ToGuest;
        if (rx.Copying || State.Disabled || State.Rx is not { } ring)
        {
            return;
        }

        Fill(rx, ring);
        if (rx.Copying)
        {
            return;
        }

        LookForStall(rx, ring);
        DropExpired(rx);
        Plan(rx);
    }

    /// <summary>xenvif_rx_action: as many frames as find buffers.</summary>
    private void Fill(NetbackRx rx, BackRing ring)
    {
        var extents = new List<GrantExtent>();
        var (frames, length) = (new List<NetFrame>(), 0);
        Span<byte> slot = stackalloc byte[NetifRxRequest.SizeOf];
        while (frames.Count < RxBatch && rx.Queue.Count > 0 && HasRoom(ring, SlotsFor(rx.Queue.Peek().Frame)))
        {
            var frame = rx.Queue.Dequeue().Frame;
            rx.QueueBytes -= frame.Length;
            frames.Add(frame);
            length += frame.Length;
            rx.LastTime = Context.Now;
            Place(rx, ring, in frame, extents, slot);
        }

        if (frames.Count == 0)
        {
            return;
        }

        var data = GC.AllocateUninitializedArray<byte>(length);
        var at = 0;
        foreach (var frame in frames)
        {
            frame.Bytes.CopyTo(data.AsMemory(at));
            at += frame.Length;
            rx.Count++;
            rx.Bytes += frame.Length;
        }

        rx.Copying = true;
        Charge(Driver.Costs.CopyBatch(extents.Count, length));
        rx.Copy = new CopyToGrants(extents, data, CopyCookie(RxCopyCookie));
        Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), rx.Copy);
    }

    // xenvif_rx_ring_slots_available: where there is no room, the next buffer is to bring an event.
    private static bool HasRoom(BackRing ring, uint needed)
    {
        if (Posted(ring) >= needed)
        {
            return true;
        }

        SharedRing.SetReqEvent(ring.Page, unchecked(ring.ReqProd + 1));
        return false;
    }

    /// <summary>xenvif_rx_skb: a page for every 4096 bytes, and one slot for what is to be known of its segments, after the first.</summary>
    private static void Place(NetbackRx rx, BackRing ring, in NetFrame frame, List<GrantExtent> extents, Span<byte> slot)
    {
        for (int at = 0, number = 0; at < frame.Length; number++)
        {
            ring.TryConsume(slot);
            var request = NetifRxRequest.Read(slot);
            if (number == 1 && frame.IsGso)
            {
                rx.Slots.Add(new(0, NetRxFlags.None, 0, frame.GsoType, frame.GsoSize));
                continue;
            }

            var chunk = Math.Min(Gfn.PageSize, frame.Length - at);
            at += chunk;
            var flags = at < frame.Length ? NetRxFlags.MoreData : NetRxFlags.None;
            if (number == 0)
            {
                flags |= frame.Checksum switch
                {
                    FrameChecksum.Blank => NetRxFlags.CsumBlank | NetRxFlags.DataValidated,
                    FrameChecksum.Validated => NetRxFlags.DataValidated,
                    _ => NetRxFlags.None,
                };
                flags |= frame.IsGso ? NetRxFlags.ExtraInfo : NetRxFlags.None;
            }

            extents.Add(new(request.Gref.Value, 0, (ushort)chunk));
            rx.Slots.Add(new(request.Id, flags, (short)chunk, NetifGsoType.None, 0));
            if (at == frame.Length && number == 0 && frame.IsGso)
            {
                ring.TryConsume(slot);
                rx.Slots.Add(new(0, NetRxFlags.None, 0, frame.GsoType, frame.GsoSize));
            }
        }
    }

    private void RxCopied(CopyGrantsResult m)
    {
        var rx = State.ToGuest;
        rx.Copying = false;
        rx.Copy = null;
        if (State.Disabled || State.Rx is not { } ring)
        {
            return;
        }

        var extent = 0;
        foreach (var slot in rx.Slots)
        {
            var to = ring.NextResponse();
            if (slot.IsExtra)
            {
                NetifExtraInfo.WriteGso(to, NetifExtraFlags.None, slot.GsoSize, slot.GsoType);
                continue;
            }

            // A page that could not be written says so instead of its size, in Xen's words.
            var status = m.Statuses[extent++];
            rx.Errors += status == GnttabStatus.Okay ? 0 : 1;
            new NetifRxResponse(slot.Id, 0, slot.Flags, status == GnttabStatus.Okay ? slot.Size : (short)status).WriteTo(to);
        }

        rx.Slots.Clear();
        if (ring.Publish(State.RxRef) is { } published)
        {
            Context.Tell(State.Frontend, in published);
        }

        RxWork();
        EndRxEvent(spurious: false);
    }

    private void LookForStall(NetbackRx rx, BackRing ring)
    {
        if (!StallDetection)
        {
            return;
        }

        var posted = Posted(ring);
        if (!rx.Stalled && posted < 1 && Context.Now - rx.LastTime > StallTimeout)
        {
            rx.Stalled = true;
            Say("Guest Rx stalled");
            Carrier(false);
        }
        else if (rx.Stalled && posted >= 1)
        {
            rx.LastTime = Context.Now;
            rx.Stalled = false;
            Say("Guest Rx ready");
            Carrier(true);
        }
    }

    private void DropExpired(NetbackRx rx)
    {
        while (rx.Queue.Count > 0 && rx.Queue.Peek().Expires <= Context.Now)
        {
            rx.QueueBytes -= rx.Queue.Dequeue().Frame.Length;
            rx.Dropped++;
        }
    }

    private void Plan(NetbackRx rx)
    {
        if (!rx.Planned && rx.Queue.Count > 0)
        {
            rx.Planned = true;
            Context.StartTimer(new RxQueueDue(State.Round), rx.Queue.Peek().Expires - Context.Now);
        }
    }

    private void Purge()
    {
        var rx = State.ToGuest;
        rx.Dropped += rx.Queue.Count;
        rx.Queue.Clear();
        rx.QueueBytes = 0;
    }

    private void Carrier(bool on) => Context.Tell(Driver.Bridges, new VifCarrier(State.Vif, on));
}
