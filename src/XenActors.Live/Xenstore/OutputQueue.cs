using XenActors.Abi;
using XenActors.Live.Native;
using XenActors.Xenstore;

namespace XenActors.Live.Xenstore;

/// <summary>What a send left behind.</summary>
internal enum SendOutcome
{
    Empty,
    Blocked,
    Broken,
}

/// <summary>
/// The messages that wait for one client to read them, as one run of bytes. Once a send has left some behind it knows which watch
/// events are among them, so that the same event is not queued twice.
/// </summary>
internal sealed class OutputQueue(BufferPool pool)
{
    private readonly PendingEvents pending = new();
    private byte[] buffer = [];
    private int start;
    private int end;

    // Where the first message lies of which nothing has been sent, and up to where events have been noted as pending.
    private int unsent;
    private int noted;

    // Positions in the stream do not move when the bytes move to the buffer's front.
    private long origin;

    public int Length => end - start;

    /// <summary>Whether the last send left something behind.</summary>
    public bool Blocked { get; private set; }

    public void Append(XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        var to = Reserve(payload.Length);
        new XsdSockmsg((uint)type, reqId, txId, (uint)payload.Length).WriteTo(to);
        payload.CopyTo(to[XsdSockmsg.SizeOf..]);
        Note();
    }

    public bool IsPending(ReadOnlySpan<byte> eventPayload) => Blocked && pending.Contains(eventPayload, buffer, origin, origin + unsent);

    public unsafe SendOutcome Send(int fd)
    {
        if (start == end) return SendOutcome.Empty;
        nint sent;
        fixed (byte* from = buffer)
        {
            sent = DirectCalls.Send(fd, from + start, (nuint)(end - start));
        }

        if (sent < 0 && Libc.Errno is not (Libc.EAGAIN or Libc.EINTR or Libc.ENOBUFS or Libc.ENOMEM)) return SendOutcome.Broken;
        start += (int)Math.Max(sent, 0);
        if (start == end)
        {
            Release();
            return SendOutcome.Empty;
        }

        while (unsent < start) unsent += XsdSockmsg.SizeOf + LengthAt(unsent);
        Blocked = true;
        Note();
        return SendOutcome.Blocked;
    }

    /// <summary>How many messages there are of which the last send has sent nothing.</summary>
    public int CountUntouched()
    {
        var count = 0;
        for (var at = Blocked ? unsent : start; at < end; at += XsdSockmsg.SizeOf + LengthAt(at)) count++;
        return count;
    }

    /// <summary>Forgets everything.</summary>
    public void Release()
    {
        if (buffer.Length > 0) pool.Return(buffer);
        if (Blocked) pending.Clear();
        origin += end;
        (buffer, start, end, unsent, noted, Blocked) = ([], 0, 0, 0, 0, false);
    }

    private int LengthAt(int message) => (int)XsdSockmsg.Read(buffer.AsSpan(message, XsdSockmsg.SizeOf)).Len;

    private Span<byte> Reserve(int payload)
    {
        var length = XsdSockmsg.SizeOf + payload;
        if (end + length > buffer.Length) MakeRoom(length);
        var to = buffer.AsSpan(end, length);
        end += length;
        return to;
    }

    private void MakeRoom(int length)
    {
        var waiting = end - start;
        // Moving pays only when it frees at least as much as it copies.
        var to = waiting + length <= buffer.Length && start >= waiting ? buffer : pool.Rent(Math.Max(waiting + length, Math.Min(2 * waiting, int.MaxValue / 2)));
        buffer.AsSpan(start, waiting).CopyTo(to);
        if (!ReferenceEquals(to, buffer) && buffer.Length > 0) pool.Return(buffer);
        buffer = to;
        origin += start;
        (unsent, noted) = (Math.Max(unsent - start, 0), Math.Max(noted - start, 0));
        (start, end) = (0, waiting);
    }

    // Only what a send left behind is worth finding again; a client that reads costs nothing here.
    private void Note()
    {
        if (!Blocked) return;
        for (noted = Math.Max(noted, unsent); noted < end;)
        {
            var header = XsdSockmsg.Read(buffer.AsSpan(noted, XsdSockmsg.SizeOf));
            if (header.Type == (uint)XsWireType.WatchEvent) pending.Add(origin + noted, buffer, origin, origin + unsent);
            noted += XsdSockmsg.SizeOf + (int)header.Len;
        }
    }
}
