using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>A guest's end of its ring: requests out, replies and watch events in. Whoever holds it shows it the page and kicks when told to.</summary>
[Codec]
public sealed partial class XenstoreRingGuest
{
    private RingInput input = new();
    private RingOutput output = new();
    private bool kick;

    /// <summary>What the other end did that ends the connection.</summary>
    public XenstoreRingFault Fault { get; private set; }

    /// <summary>Request bytes that did not fit yet.</summary>
    public int Held => output.Held;

    /// <summary>Queues a request; <see cref="Flush"/> sends it.</summary>
    public void Send(XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload) => output.Append(type, reqId, txId, payload);

    /// <summary>Puts what waits into the ring, as far as it fits.</summary>
    public void Flush(IXenstoreRingPage page)
    {
        if (Fault == XenstoreRingFault.None) Fault = RingLane.Requests.Put(page, output, ref kick);
    }

    /// <summary>Takes the next reply or event, when it is here in full.</summary>
    /// <param name="page">The page.</param>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload, until the next call.</param>
    public bool TryTake(IXenstoreRingPage page, out XsdSockmsg header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (Fault != XenstoreRingFault.None) return false;
        if (input.IsComplete) input.Clear();
        Fault = RingLane.Responses.Take(page, input, ref kick);
        if (Fault != XenstoreRingFault.None || !input.IsComplete) return false;
        header = input.Header;
        payload = input.Payload;
        return true;
    }

    /// <summary>Whether the page was changed since the last time this was asked: then xenstored gets an event.</summary>
    public bool TakeKick()
    {
        var due = kick;
        kick = false;
        return due;
    }

    /// <summary>What xenstored says is wrong with this ring, where it says such things.</summary>
    public static XenstoreRingError ErrorOf(IXenstoreRingPage page) => (XenstoreRingError)Field(page, XenstoreDomainInterface.ErrorOffset);

    /// <summary>
    /// Asks for a new connection: all that was under way on the old one is dropped. False when this xenstored does not offer it; then the
    /// toolstack's INTRODUCE is the only way, which grants what was asked for here, too.
    /// </summary>
    public bool Reconnect(IXenstoreRingPage page)
    {
        input.Clear();
        output.Clear();
        Fault = XenstoreRingFault.None;
        Span<byte> ask = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(ask, (uint)XenstoreRingConnection.Reconnect);
        if (!page.TryWrite(XenstoreDomainInterface.ConnectionOffset, ask)) Fault = XenstoreRingFault.PageGone;
        kick = true;
        return (Field(page, XenstoreDomainInterface.ServerFeaturesOffset) & (uint)XenstoreServerFeatures.Reconnection) != 0;
    }

    /// <summary>Whether the connection is there: nothing may be sent or taken while one that was asked for is not.</summary>
    public static bool IsConnected(IXenstoreRingPage page) =>
        Field(page, XenstoreDomainInterface.ConnectionOffset) == (uint)XenstoreRingConnection.Connected;

    private static uint Field(IXenstoreRingPage page, int offset)
    {
        Span<byte> four = stackalloc byte[4];
        return page.TryRead(offset, four) ? BinaryPrimitives.ReadUInt32LittleEndian(four) : 0;
    }
}
