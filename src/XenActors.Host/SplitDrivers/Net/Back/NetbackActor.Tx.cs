using XenActors.Abi;
using XenActors.Guest;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>
/// Frames from the guest: slots are copied out of the ring once and checked, their pages are copied, the frames go to the bridge, and the slots
/// are answered. Source of the checks, of their order and words: Linux' xen-netback (<c>xenvif_tx_build_gops</c>).
/// </summary>
public sealed partial class NetbackActor
{
    /// <summary>NAPI_POLL_WEIGHT: frames of one turn.</summary>
    private const int TxBudget = 64;

    /// <summary>fatal_skb_slots: a frontend that uses so many has no good intentions.</summary>
    private const int FatalSlots = 20;

    private const long TxCopyCookie = 0;
    private const long RxCopyCookie = 1;

    public void On(in RequestsPublished m)
    {
        if (Sender != State.Frontend)
        {
            return;
        }

        if (m.Ring == State.TxRef && State.Tx is { } tx)
        {
            if (tx.Arrive(in m))
            {
                Raise(State.TxPort);
            }
        }
        else if (m.Ring == State.RxRef && State.Rx is { } rx && rx.Arrive(in m))
        {
            Raise(RxChannel);
        }
    }

    // xenvif_interrupt: each direction looks whether the event was for it.
    public void On(in EventFired m)
    {
        if (!State.Attached)
        {
            // Bound, and not yet enabled: the event waits for that.
            (State.TxEventOpen, State.RxEventOpen) = (State.TxEventOpen || m.Port == State.TxPort, State.RxEventOpen || m.Port != State.TxPort);
        }
        else if (!State.Disabled && m.Port == State.TxPort)
        {
            State.TxEventOpen = true;
            var spurious = !HasTxWork && !(RxChannel == m.Port && HasRxWork);
            TxWork();
            if (RxChannel == m.Port)
            {
                RxWork();
            }

            EndTxEvent(spurious);
        }
        else if (!State.Disabled && m.Port == RxChannel)
        {
            State.RxEventOpen = true;
            var spurious = !HasRxWork;
            RxWork();
            EndRxEvent(spurious);
        }
    }

    public void On(in CopyGrantsResult m)
    {
        if (m.Cookie >> 1 != State.Round || !State.Attached)
        {
            return;
        }

        if ((m.Cookie & 1) == RxCopyCookie)
        {
            RxCopied(m);
        }
        else
        {
            TxCopied(m);
        }
    }

    /// <summary>Linux 5.10 and later (XSA-332): the next event comes when this one is over.</summary>
    private bool LateEoi => Driver.Keys.VifProbe.Exists(k => k.Name == "multi-queue-max-queues");

    private uint RxChannel => State.RxPort == 0 ? State.TxPort : State.RxPort;

    private long CopyCookie(long direction) => ((long)State.Round << 1) | direction;

    private bool HasTxWork => State.Tx is { } tx && tx.ReqProd != tx.ReqCons;

    /// <summary>The rings are mapped and the channels bound.</summary>
    private void StartFrames()
    {
        State.Round++;
        State.Disabled = false;
        State.FromGuest = new NetbackTx();
        State.ToGuest = new NetbackRx { LastTime = Context.Now, Stalled = StallDetection };
        if (!StallDetection)
        {
            Carrier(true);
        }

        TxWork();
        RxWork();
        EndTxEvent(spurious: false);
        EndRxEvent(spurious: false);
    }

    /// <summary>The connection is over: what was queued is gone, and what is being copied is nobody's.</summary>
    private void StopFrames()
    {
        State.Round++;
        State.Attached = false;
        (State.Tx, State.Rx) = (null, null);
        (State.FromGuest, State.ToGuest) = (new NetbackTx(), new NetbackRx());
        (State.TxEventOpen, State.RxEventOpen) = (false, false);
        if (State.Vif.Length > 0)
        {
            Carrier(false);
        }
    }

    // Until the channels are bound, nobody waits: StartFrames looks at what has come by then.
    private void Raise(uint port)
    {
        if (State.Attached)
        {
            Context.Tell(Driver.EventChannels, new RingEvent(port), Driver.Costs.EventRest(Driver.Costs.Link, Context.HasIdleVcpu));
        }
    }

    // xenvif_napi_schedule_or_enable_events: when the poll has found nothing more, the event is over.
    private void EndTxEvent(bool spurious)
    {
        if (State.TxEventOpen && !State.FromGuest.Copying && !State.Disabled)
        {
            State.TxEventOpen = false;
            EndEvent(State.TxPort, spurious);
        }
    }

    private void EndRxEvent(bool spurious)
    {
        if (State.RxEventOpen && !State.ToGuest.Copying && !State.Disabled)
        {
            State.RxEventOpen = false;
            EndEvent(RxChannel, spurious);
        }
    }

    private void EndEvent(uint port, bool spurious)
    {
        if (LateEoi)
        {
            Context.Tell(Driver.EventChannels, new LateEoi(port, spurious));
        }
    }

    // As netdev_err prints: driver, device, interface.
    private void Say(string text) => Context.Tell(Driver.Bus, new Printk($"vif vif-{Decimal(Device.OtherDomain)}-{Device.Node.Split('/')[^1]} {State.Vif}: {text}"));

    private void Charge(VirtualDuration cost)
    {
        if (cost > VirtualDuration.Zero)
        {
            Context.Work(cost);
        }
    }

    /// <summary>xenvif_tx_action: takes what is on the ring, and has it copied.</summary>
    private void TxWork()
    {
        if (State.FromGuest.Copying || State.Disabled || State.Tx is not { } ring)
        {
            return;
        }

        var tx = State.FromGuest;
        Span<byte> slot = stackalloc byte[NetifTxRequest.SizeOf];
        while (tx.Frames.Count < TxBudget && TakeFrame(tx, ring, slot))
        {
        }

        PublishTx(ring);
        if (tx.Slots.Count == 0)
        {
            DisableWhenIdle();
            return;
        }

        var extents = new List<GrantExtent>(tx.Slots.Count);
        var bytes = 0L;
        foreach (var one in tx.Slots)
        {
            extents.Add(new(one.Ref, one.Offset, one.Size));
            bytes += one.Size;
        }

        tx.Copying = true;
        Charge(Driver.Costs.CopyBatch(extents.Count, bytes));
        Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new CopyFromGrants(extents, CopyCookie(TxCopyCookie)));
    }

    /// <summary>One frame, or one refusal; false when the turn is over.</summary>
    private bool TakeFrame(NetbackTx tx, BackRing ring, Span<byte> slot)
    {
        if (unchecked(ring.ReqProd - ring.ReqCons) > (uint)ring.Entries)
        {
            FatalTx($"Impossible number of requests. req_prod {AsInt(ring.ReqProd)}, req_cons {AsInt(ring.ReqCons)}, size {ring.Entries}");
            return false;
        }

        if (!ring.TryConsume(slot))
        {
            return false;
        }

        var first = NetifTxRequest.Read(slot);
        var extras = new NetbackExtras();
        if ((first.Flags & NetTxFlags.ExtraInfo) != 0 && !TakeExtras(ring, slot, ref extras))
        {
            return false;
        }

        if (extras.Multicast is { } asked)
        {
            var ok = Join(tx, asked.Add, asked.Address);
            Respond(ring, first.Id, extras.Count, ok ? NetifStatus.Okay : NetifStatus.Error);
            return true;
        }

        return TakeSlots(tx, ring, slot, first, extras);
    }

    // xenvif_get_extras
    private bool TakeExtras(BackRing ring, Span<byte> slot, ref NetbackExtras extras)
    {
        do
        {
            if (!ring.TryConsume(slot))
            {
                FatalTx("Missing extra info");
                return false;
            }

            extras.Count++;
            var type = NetifExtraInfo.Type(slot);
            if (type is NetifExtraType.None or >= NetifExtraType.Max)
            {
                FatalTx($"Invalid extra type: {(int)type}");
                return false;
            }

            extras.Take(type, slot);
        }
        while ((NetifExtraInfo.Flags(slot) & NetifExtraFlags.More) != 0);
        return true;
    }

    /// <summary>xenvif_count_requests, and the checks that follow it.</summary>
    private bool TakeSlots(NetbackTx tx, BackRing ring, Span<byte> slot, NetifTxRequest first, in NetbackExtras extras)
    {
        var from = tx.Slots.Count;
        var ok = TakeSlots(tx, ring, slot, first, in extras, from);
        if (State.Disabled)
        {
            tx.Slots.RemoveRange(from, tx.Slots.Count - from);
        }

        return ok;
    }

    private bool TakeSlots(NetbackTx tx, BackRing ring, Span<byte> slot, NetifTxRequest first, in NetbackExtras extras, int from)
    {
        tx.Slots.Add(default);
        List<ushort> ids = [first.Id];
        var (left, drop) = ((int)first.Size, false);
        for (var more = (first.Flags & NetTxFlags.MoreData) != 0; more;)
        {
            var slots = ids.Count - 1;
            if (slots >= FatalSlots)
            {
                FatalTx($"Malicious frontend using {slots} slots, threshold {FatalSlots}");
                return false;
            }

            if (!ring.TryConsume(slot))
            {
                FatalTx($"Asked for {slots} slots but exceeds this limit");
                return false;
            }

            var next = NetifTxRequest.Read(slot);

            // A frame of 64 KiB or more has overflown its first size: some frontends have that mistake, so it costs the frame only.
            drop |= slots >= NetifLimits.NrSlotsMin || next.Size > left;
            left -= drop ? 0 : next.Size;
            if (next.Offset + next.Size > Gfn.PageSize)
            {
                FatalTx($"Cross page boundary, txp->offset: {next.Offset}, size: {next.Size}");
                return false;
            }

            ids.Add(next.Id);
            more = (next.Flags & NetTxFlags.MoreData) != 0;
            if (!drop)
            {
                tx.Slots.Add(new(next.Id, 0, next.Gref.Value, next.Offset, next.Size));
            }
        }

        if (drop || left < EthernetHeader.SizeOf)
        {
            tx.Slots.RemoveRange(from, tx.Slots.Count - from);
            Refuse(tx, ring, ids, extras.Count);
            return true;
        }

        if (first.Offset + left > Gfn.PageSize)
        {
            FatalTx($"Cross page boundary, txreq.offset: {first.Offset}, size: {left}");
            return false;
        }

        if (extras.HasGso && !GsoOk(extras.GsoType, extras.GsoSize))
        {
            return false;
        }

        tx.Slots[from] = new(first.Id, extras.Count, first.Gref.Value, first.Offset, (ushort)left);

        // Empty slots have nothing to copy, and are answered at once (XSA-448).
        for (var i = tx.Slots.Count - 1; i > from; i--)
        {
            if (tx.Slots[i].Size == 0)
            {
                Respond(ring, tx.Slots[i].Id, 0, NetifStatus.Okay);
                tx.Slots.RemoveAt(i);
            }
        }

        tx.Frames.Add(new(tx.Slots.Count - from, first.Flags, extras.GsoType, extras.GsoSize));
        return true;
    }

    // xenvif_tx_err: every slot of the frame.
    private void Refuse(NetbackTx tx, BackRing ring, List<ushort> ids, int extras)
    {
        tx.Errors++;
        for (var i = 0; i < ids.Count; i++)
        {
            Respond(ring, ids[i], i == 0 ? extras : 0, NetifStatus.Error);
        }
    }

    // xenvif_set_skb_gso
    private bool GsoOk(NetifGsoType type, ushort size)
    {
        if (size == 0)
        {
            FatalTx("GSO size must not be zero.");
            return false;
        }

        if (type is not (NetifGsoType.Tcpv4 or NetifGsoType.Tcpv6))
        {
            FatalTx($"Bad GSO type {(int)type}.");
            return false;
        }

        return true;
    }

    // XEN_NETBK_MCAST_MAX
    private static bool Join(NetbackTx tx, bool add, MacAddress address)
    {
        const int Most = 64;
        if (!add)
        {
            tx.Multicast.Remove(address);
            return true;
        }

        if (tx.Multicast.Count >= Most)
        {
            return false;
        }

        tx.Multicast.Add(address);
        return true;
    }

    /// <summary>make_tx_response, with an empty response for each slot of extra information.</summary>
    private static void Respond(BackRing ring, ushort id, int extras, NetifStatus status)
    {
        new NetifTxResponse(id, status).WriteTo(ring.NextResponse());
        for (var i = 0; i < extras; i++)
        {
            new NetifTxResponse(0, NetifStatus.Null).WriteTo(ring.NextResponse());
        }
    }

    private void PublishTx(BackRing ring)
    {
        if (ring.Publish(State.TxRef) is { } published)
        {
            Context.Tell(State.Frontend, in published);
        }
    }

    /// <summary>The pages are here: xenvif_tx_check_gop and xenvif_tx_submit.</summary>
    private void TxCopied(CopyGrantsResult m)
    {
        var tx = State.FromGuest;
        tx.Copying = false;
        if (State.Tx is not { } ring)
        {
            return;
        }

        var (slot, at) = (0, 0);
        foreach (var frame in tx.Frames)
        {
            var (begin, ok) = (at, true);
            for (var i = 0; i < frame.Slots; i++, slot++)
            {
                var one = tx.Slots[slot];
                var copied = m.Statuses[slot] == GnttabStatus.Okay;
                ok &= copied;
                at += one.Size;
                Respond(ring, one.Id, one.Extras, copied ? NetifStatus.Okay : NetifStatus.Error);
            }

            if (ok)
            {
                Submit(tx, in frame, m.Data.AsMemory(begin, at - begin));
            }
            else
            {
                tx.Errors++;
            }
        }

        tx.Slots.Clear();
        tx.Frames.Clear();
        PublishTx(ring);
        DisableWhenIdle();
        TxWork();
        EndTxEvent(spurious: false);
    }

    private void Submit(NetbackTx tx, in NetbackTxFrame taken, ReadOnlyMemory<byte> bytes)
    {
        var checksum = (taken.Flags & NetTxFlags.CsumBlank) != 0 ? FrameChecksum.Blank
            : (taken.Flags & NetTxFlags.DataValidated) != 0 ? FrameChecksum.Validated
            : FrameChecksum.None;
        var frame = new NetFrame(bytes)
        {
            // A packet that is still to be cut has no checksum yet, whatever a frontend says.
            Checksum = taken.GsoType != NetifGsoType.None ? FrameChecksum.Blank : checksum,
            GsoType = taken.GsoType,
            GsoSize = taken.GsoSize,
        };
        if (frame.Checksum == FrameChecksum.Blank && frame.EtherType is not (EthernetHeader.IPv4 or EthernetHeader.IPv6))
        {
            // checksum_setup knows no other header to look for it in.
            tx.Dropped++;
            return;
        }

        tx.Count++;
        tx.Bytes += bytes.Length;
        Context.Tell(Driver.Bridges, new FrameArrived(frame));
    }

    /// <summary>xenvif_fatal_tx_err: the device does nothing more until its frontend connects again. What was taken before still goes.</summary>
    private void FatalTx(string why)
    {
        Say(why);
        Say("fatal error; disabling device");
        State.Disabled = true;
        State.FromGuest.Errors++;
        Purge();
    }

    // The guest-rx thread turns the carrier off when the turn is over.
    private void DisableWhenIdle()
    {
        if (State.Disabled)
        {
            Carrier(false);
        }
    }

    // As %d shows an index.
    private static int AsInt(uint value) => unchecked((int)value);
}
