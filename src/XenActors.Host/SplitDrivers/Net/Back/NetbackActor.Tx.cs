using XenActors.Abi;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;

namespace XenActors.SplitDrivers.Net.Back;

/// <summary>
/// Frames from the guest: what is on the ring is taken and checked (<c>NetbackActor.TxSlots.cs</c>), the pages are copied, the frames go to the bridge,
/// and the slots are answered. Source: Linux' xen-netback (<c>xenvif_tx_action</c>).
/// </summary>
public sealed partial class NetbackActor
{
    /// <summary>NAPI_POLL_WEIGHT: frames of one turn.</summary>
    private const int TxBudget = 64;

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

        var extents = Extents(tx, out var bytes);
        tx.Copying = true;
        Charge(Driver.Costs.CopyBatch(extents.Count, bytes));
        Context.Tell(Driver.Places.GrantTable(Device.OtherDomain), new CopyFromGrants(extents, CopyCookie(TxCopyCookie)));
    }

    private static List<GrantExtent> Extents(NetbackTx tx, out long bytes)
    {
        var extents = new List<GrantExtent>(tx.Slots.Count);
        bytes = 0;
        foreach (var one in tx.Slots)
        {
            extents.Add(new(one.Ref, one.Offset, one.Size));
            bytes += one.Size;
        }

        return extents;
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
