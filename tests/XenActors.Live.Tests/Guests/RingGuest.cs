using System.Text;
using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Tests.Live.Guests;

/// <summary>A guest as a program outside is one: a mapped page, a FIFO for its events, the daemon's for what it has to say. It sleeps in its own.</summary>
internal sealed class RingGuest : IDisposable
{
    private readonly GuestHost host;
    private readonly XenstoreRingGuest ring = new();
    private readonly FileStream kicks;
    private uint requests;

    public RingGuest(GuestHost host, ushort domid)
    {
        (this.host, Domid) = (host, domid);
        Page = new MappedRingPage(host.File(domid, "ring"));
        kicks = GuestHost.OpenFifo(host.File(domid, "kick"));
    }

    public ushort Domid { get; }

    public MappedRingPage Page { get; }

    public uint ReqCons { get => Page[XenstoreDomainInterface.ReqConsOffset]; set => Page[XenstoreDomainInterface.ReqConsOffset] = value; }

    public uint ReqProd { get => Page[XenstoreDomainInterface.ReqProdOffset]; set => Page[XenstoreDomainInterface.ReqProdOffset] = value; }

    public uint RspCons { get => Page[XenstoreDomainInterface.RspConsOffset]; set => Page[XenstoreDomainInterface.RspConsOffset] = value; }

    public uint RspProd { get => Page[XenstoreDomainInterface.RspProdOffset]; set => Page[XenstoreDomainInterface.RspProdOffset] = value; }

    public uint Features { get => Page[XenstoreDomainInterface.ServerFeaturesOffset]; set => Page[XenstoreDomainInterface.ServerFeaturesOffset] = value; }

    public uint Connection { get => Page[XenstoreDomainInterface.ConnectionOffset]; set => Page[XenstoreDomainInterface.ConnectionOffset] = value; }

    public uint Error { get => Page[XenstoreDomainInterface.ErrorOffset]; set => Page[XenstoreDomainInterface.ErrorOffset] = value; }

    public (uint ReqCons, uint ReqProd, uint RspCons, uint RspProd) Indices
    {
        get => (ReqCons, ReqProd, RspCons, RspProd);
        set => (ReqCons, ReqProd, RspCons, RspProd) = value;
    }

    /// <summary>Puts bytes that need not be a whole message, as room allows.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var room = (int)(XenstoreLimits.RingSize - unchecked(ReqProd - ReqCons));
            for (; room > 0 && bytes.Length > 0; room--, bytes = bytes[1..])
            {
                Page.TryWrite((int)(ReqProd % XenstoreLimits.RingSize), bytes[..1]);
                ReqProd = unchecked(ReqProd + 1);
            }

            Kick();
            if (bytes.IsEmpty) return;
            AwaitKick();
        }
    }

    public void Put(XsWireType type, string text, uint reqId = 1, uint txId = 0) => Put(WireClient.Bytes(type, text, reqId, txId));

    /// <summary>Sends a request; what does not fit follows when <see cref="Receive"/> makes room.</summary>
    public void Send(XsWireType type, string text, uint txId = 0)
    {
        ring.Send(type, ++requests, txId, Encoding.Latin1.GetBytes(text.Replace('|', '\0')));
        ring.Flush(Page);
        KickIfDue();
    }

    /// <summary>The next reply or event; waits for it.</summary>
    public WireMessage Receive()
    {
        while (true)
        {
            if (TryReceive() is { } message) return message;
            AwaitKick();
        }
    }

    /// <summary>The next reply or event if it is all there, or can be had without waiting.</summary>
    public WireMessage? TryReceive()
    {
        var here = ring.TryTake(Page, out var header, out var payload);
        Assert.Equal(XenstoreRingFault.None, ring.Fault);
        var message = here ? new WireMessage((XsWireType)header.Type, header.ReqId, header.TxId, Encoding.Latin1.GetString(payload).Replace('\0', '|')) : null;
        ring.Flush(Page);
        KickIfDue();
        return message;
    }

    public string Ask(XsWireType type, string text, uint txId = 0)
    {
        Send(type, text, txId);
        return Receive().Text;
    }

    public void Kick() => host.Tell(64u + Domid);

    public void AwaitKick()
    {
        var byteOf = new byte[1];
        Assert.Equal(1, kicks.ReadAsync(byteOf, 0, 1).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult());
        Assert.Equal((byte)'k', byteOf[0]);
    }

    public void Dispose()
    {
        Page.Dispose();
        kicks.Dispose();
    }

    private void KickIfDue()
    {
        if (ring.TakeKick()) Kick();
    }
}
