using XenActors.Abi;
using XenActors.Guest;
using XenActors.Guest.Net;
using XenActors.Hypervisor.EventChannels;
using XenActors.Hypervisor.Grants;
using XenActors.Simulation;
using XenActors.SplitDrivers.Ring;
using XenActors.Xenbus;

namespace XenActors.SplitDrivers.Net.Front;

/// <summary>
/// Frames to the backend: a program's frame waits in the queue, its pages are granted for reading with references that the driver holds, and its
/// slots go onto the ring. Source: Linux' xen-netfront (<c>xennet_start_xmit</c>, <c>xennet_tx_buf_gc</c>).
/// </summary>
public sealed partial class NetfrontActor
{
    /// <summary>DEFAULT_TX_QUEUE_LEN.</summary>
    private const int QueueMax = 1000;

    public void On(in OpenPacketSocket m) => State.Sockets.Add(Sender, m.EtherType);

    public void On(in ClosePacketSocket m) => State.Sockets.Remove(Sender);

    public void On(in SetMtu m) => State.Mtu = Math.Clamp(m.Mtu, 68, NetifLimits.MaxTxSize - EthernetHeader.SizeOf - EthernetHeader.VlanTag);

    public void On(in SendFrame m)
    {
        var tx = State.ToBackend;
        var length = m.Frame.Length;
        var fits = length >= EthernetHeader.SizeOf && length <= NetifLimits.MaxTxSize
            && (m.Frame.IsGso || length <= State.Mtu + EthernetHeader.SizeOf + EthernetHeader.VlanTag);
        if (!fits || !Up || tx.Waiting.Count >= QueueMax)
        {
            tx.Dropped++;
            Context.Tell(Sender, new FrameSent(m.Cookie, false));
            return;
        }

        tx.Waiting.Enqueue(new(m.Frame, Sender, m.Cookie));
        PumpTx();
    }

    public void On(in HeldPagesGranted m)
    {
        if (m.Cookie >> 1 != State.Round)
        {
            LetGo(m.Refs);
        }
        else if ((m.Cookie & 1) == RxPages)
        {
            Post(m.Refs);
        }
        else
        {
            Transmit(m.Refs);
        }
    }

    public void On(in HeldAccessEnded m)
    {
        if (m.Cookie >> 1 != State.Round)
        {
            return;
        }

        if (m.StillMapped > 0)
        {
            Broken("Grant still in use by backend domain");
        }
        else if ((m.Cookie & 1) == RxPages)
        {
            Receive(m.Data);
        }
    }

    // xennet_interrupt, xennet_tx_interrupt, xennet_rx_interrupt
    public void On(in EventFired m)
    {
        if (State.Broken || State.Tx is null)
        {
            return;
        }

        var seen = m.Port == State.TxPort && TakeTxResponses();
        seen |= m.Port == State.RxPort && !State.Broken && TakeRxResponses();
        if (LateEoi && !State.Broken)
        {
            Context.Tell(Driver.EventChannels, new LateEoi(m.Port, Spurious: !seen));
        }
    }

    private const long TxPages = 0;
    private const long RxPages = 1;

    // Since 5.16 (XSA-391) the backend is not trusted with the frequency of its events.
    private bool LateEoi => Driver.Profile.Has("netfront-late-eoi");

    /// <summary>netif_carrier_ok.</summary>
    private bool Up => Device.State == XenbusState.Connected && !State.Broken && State.Tx is not null;

    private long PagesCookie(long direction) => ((long)State.Round << 1) | direction;

    private static int SlotsFor(int bytes) => (bytes + Gfn.PageSize - 1) / Gfn.PageSize;

    /// <summary>Puts waiting frames onto the ring while there is room for the longest one (netfront_tx_slot_available).</summary>
    private void PumpTx()
    {
        var tx = State.ToBackend;
        if (tx.Granting || tx.Waiting.Count == 0 || !Up || unchecked(State.Tx!.ReqProdPvt - State.Tx.RspCons) >= State.Tx.Entries - NetifLimits.NrSlotsMin - 1)
        {
            return;
        }

        tx.Granting = true;
        var bytes = tx.Waiting.Peek().Frame.Bytes;
        Context.Tell(Driver.GrantTable, new GrantHeldPages(Device.OtherDomain, SlotsFor(bytes.Length), ReadOnly: true, 0, bytes, PagesCookie(TxPages)));
    }

    private void Transmit(List<uint> refs)
    {
        var tx = State.ToBackend;
        tx.Granting = false;
        var (frame, program, cookie) = tx.Waiting.Dequeue();
        if (refs.Count == 0 || !Up)
        {
            tx.Dropped++;
            LetGo(refs);
            Context.Tell(program, new FrameSent(cookie, false));
            PumpTx();
            return;
        }

        var place = tx.FreeFrames[--tx.FreeFrameCount];
        tx.Frames[place] = new() { Program = program, Cookie = cookie, Slots = refs.Count };
        tx.Count++;
        tx.Bytes += frame.Length;
        for (var i = 0; i < refs.Count; i++)
        {
            var size = Math.Min(Gfn.PageSize, frame.Length - (i * Gfn.PageSize));
            var flags = i + 1 < refs.Count ? NetTxFlags.MoreData : NetTxFlags.None;
            flags |= i == 0 ? FirstFlags(in frame) : NetTxFlags.None;
            var id = tx.TakeId(refs[i], place);
            new NetifTxRequest(new(refs[i]), 0, flags, (ushort)id, (ushort)(i == 0 ? frame.Length : size)).WriteTo(State.Tx!.NextRequest());
            if (i == 0 && frame.IsGso)
            {
                NetifExtraInfo.WriteGso(State.Tx.NextRequest(), NetifExtraFlags.None, frame.GsoSize, frame.GsoType);
            }
        }

        PublishTx();
        PumpTx();
    }

    private static NetTxFlags FirstFlags(in NetFrame frame) => (frame.IsGso ? NetTxFlags.ExtraInfo : NetTxFlags.None) | frame.Checksum switch
    {
        FrameChecksum.Blank => NetTxFlags.CsumBlank | NetTxFlags.DataValidated,
        FrameChecksum.Validated => NetTxFlags.DataValidated,
        _ => NetTxFlags.None,
    };

    // Before the backend has mapped the ring, the page alone knows.
    private void PublishTx()
    {
        if (State.Tx!.Publish(State.TxRef) is { } published && !State.Backend.IsNone)
        {
            Context.Tell(State.Backend, in published);
        }
    }

    /// <summary>xennet_tx_buf_gc: true when there was anything.</summary>
    private bool TakeTxResponses()
    {
        var (tx, ring) = (State.ToBackend, State.Tx!);
        if (ring.Overflown)
        {
            Broken($"Illegal number of responses {ring.Unconsumed}");
            return false;
        }

        Span<byte> bytes = stackalloc byte[NetifTxResponse.SizeOf];
        var ended = new List<GrantExtent>();
        var seen = false;
        while (!State.Broken && ring.TryConsume(bytes))
        {
            seen = true;
            var response = NetifTxResponse.Read(bytes);
            if (response.Status != NetifStatus.Null)
            {
                TxAnswered(tx, in response, ended);
            }
        }

        if (ended.Count > 0)
        {
            Context.Tell(Driver.GrantTable, new EndHeldAccess(ended, PagesCookie(TxPages)));
        }

        PumpTx();
        return seen;
    }

    private void TxAnswered(NetfrontTx tx, in NetifTxResponse response, List<GrantExtent> ended)
    {
        var id = response.Id;
        if (id >= tx.Refs.Length)
        {
            Broken($"Response has incorrect id ({id})");
            return;
        }

        if (tx.Refs[id] == 0)
        {
            Broken("Response for inactive request");
            return;
        }

        ended.Add(new(tx.Refs[id], 0, 0));
        var place = tx.Links[id];
        tx.FreeTheId(id);
        ref var frame = ref tx.Frames[place];
        tx.Refused += response.Status == NetifStatus.Okay ? 0 : 1;
        if (--frame.Slots == 0)
        {
            Context.Tell(frame.Program, new FrameSent(frame.Cookie, true));
            frame = default;
            tx.FreeFrames[tx.FreeFrameCount++] = place;
        }
    }

    // xennet_release_tx_bufs: whoever sent them hears that they are off its hands, and not that they are lost.
    private void FreeFrames()
    {
        var tx = State.ToBackend;
        for (var place = 0; place < tx.Frames.Length; place++)
        {
            if (tx.Frames[place].Slots > 0)
            {
                Context.Tell(tx.Frames[place].Program, new FrameSent(tx.Frames[place].Cookie, true));
                tx.Frames[place] = default;
            }
        }
    }

    /// <summary>The backend is not to be trusted: the device is at its end.</summary>
    private void Broken(string why)
    {
        if (!State.Broken)
        {
            State.Broken = true;
            Alert(why);
            Alert("Disabled for further use");
        }
    }

    // As dev_alert prints: class and device.
    private void Alert(string text) => Context.Tell(Driver.Bus, new Printk($"net {State.Name}: {text}"));

    private void LetGo(List<uint> refs)
    {
        if (refs.Count > 0)
        {
            Context.Tell(Driver.GrantTable, new EndAccess(refs, NobodysCookie, Defer: true));
        }
    }

    private const long NobodysCookie = -1;
}
