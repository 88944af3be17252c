using System.Buffers.Binary;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>
/// xenstored's end of a domain's ring, as C xenstored 4.17 treats it. Whoever holds it shows it the page and kicks the other end when told
/// to. It never offers the features of <c>server_features</c>, and so leaves that field alone.
/// </summary>
[Codec]
public sealed partial class XenstoreRingServer
{
    /// <summary>Replies that may wait for a guest to take them; while so many do, no further request is taken.</summary>
    public const int RepliesMax = 20;

    /// <summary>Beyond so many waiting bytes a guest is told of nothing more: the daemon's default for all memory that it keeps for a domain.</summary>
    public const int HeldMax = 5 * 512 * 1024;

    private RingInput input = new();
    private RingOutput output = new();
    private bool kick;

    /// <summary>dom0's own kernel may have any number of requests out.</summary>
    public bool Privileged { get; init; }

    /// <summary>Why the domain is ignored, until it is released and introduced anew.</summary>
    public XenstoreRingFault Fault { get; private set; }

    /// <summary>What waits for the guest, in bytes.</summary>
    public int Held => output.Held;

    /// <summary>
    /// INTRODUCE, the first or a later one: both rings begin anew, answers that waited are dropped, and a guest that asked for a new connection
    /// has it. Half a request that was taken before stays, and so does the domain's being ignored, as in the daemon.
    /// </summary>
    public void Introduce(IXenstoreRingPage page)
    {
        output.Clear();
        Span<byte> four = stackalloc byte[4];
        if (!page.TryRead(XenstoreDomainInterface.ConnectionOffset, four)) return;
        if (BinaryPrimitives.ReadUInt32LittleEndian(four) == (uint)XenstoreRingConnection.Reconnect)
        {
            four.Clear();
            page.TryWrite(XenstoreDomainInterface.ConnectionOffset, four);
        }

        Span<byte> indices = stackalloc byte[XenstoreDomainInterface.ServerFeaturesOffset - XenstoreDomainInterface.ReqConsOffset];
        indices.Clear();
        page.TryWrite(XenstoreDomainInterface.ReqConsOffset, indices);
        kick = true;
    }

    /// <summary>Takes the next whole request; what is here of one that is not whole is taken too.</summary>
    /// <param name="page">The page.</param>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload, until the next call.</param>
    public bool TryTake(IXenstoreRingPage page, out XsdSockmsg header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (Fault != XenstoreRingFault.None || (!Privileged && output.Replies >= RepliesMax)) return false;
        if (input.IsComplete) input.Clear();
        if (!Accept(page, RingLane.Requests.Take(page, input, ref kick)) || !input.IsComplete) return false;
        header = input.Header;
        payload = input.Payload;
        return true;
    }

    public void Reply(XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        if (Fault == XenstoreRingFault.None) output.Append(type, reqId, txId, payload);
    }

    /// <summary>Whether the same event waits already, or has gone only in part.</summary>
    public bool IsPending(ReadOnlySpan<byte> payload) => output.IsPending(payload);

    /// <summary>Queues a watch event; what a guest with too much waiting would be told is lost, and the answer then is false.</summary>
    public bool WatchEvent(ReadOnlySpan<byte> payload)
    {
        if (Fault != XenstoreRingFault.None || (!Privileged && output.Held + XsdSockmsg.SizeOf + payload.Length > HeldMax)) return false;
        output.Append(XsWireType.WatchEvent, 0, 0, payload);
        return true;
    }

    /// <summary>How many messages wait of which no byte has gone.</summary>
    public int CountUntouched() => output.CountUntouched();

    /// <summary>How often the event that waits most often waits; special names, which are never merged, do not count.</summary>
    public int MostOftenWaiting() => output.MostOftenWaiting();

    /// <summary>What the page's error field says of a fault.</summary>
    public static XenstoreRingError ErrorOf(XenstoreRingFault fault) =>
        fault == XenstoreRingFault.PayloadTooLong ? XenstoreRingError.Proto : XenstoreRingError.Ringidx;

    /// <summary>Puts what waits into the ring, as far as it fits.</summary>
    public void Flush(IXenstoreRingPage page)
    {
        if (Fault == XenstoreRingFault.None) Accept(page, RingLane.Responses.Put(page, output, ref kick));
    }

    /// <summary>Whether the page was changed since the last time this was asked: then the guest gets an event.</summary>
    public bool TakeKick()
    {
        var due = kick;
        kick = false;
        return due;
    }

    private bool Accept(IXenstoreRingPage page, XenstoreRingFault fault)
    {
        if (fault == XenstoreRingFault.None) return true;
        Fault = fault;
        input.Clear();
        output.Clear();
        if (fault == XenstoreRingFault.PageGone) return false;
        Span<byte> error = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(error, (uint)ErrorOf(fault));
        page.TryWrite(XenstoreDomainInterface.ErrorOffset, error);
        return false;
    }
}
