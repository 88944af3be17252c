using XenActors.Abi;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>
/// A frame's slots: copied out of the ring once, and checked before anything else is done with them. Source of the checks, of their order and words:
/// Linux' xen-netback (<c>xenvif_tx_build_gops</c>).
/// </summary>
public sealed partial class NetbackActor
{
    /// <summary>fatal_skb_slots: a frontend that uses so many has no good intentions.</summary>
    private const int FatalSlots = 20;

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
}
