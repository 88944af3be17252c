using System.Text;
using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Xenstore.Ring;

/// <summary>Messages that wait for room in a ring, as one run of bytes; the first of them may have gone in part.</summary>
[Codec]
internal sealed partial class RingOutput
{
    // Who once was slow does not keep what the backlog took.
    private const int KeepMax = 16 * 1024;

    [CodecIgnore]
    private PendingEvents? pending;

    private byte[] buffer = [];

    // From the first message that has not gone in full; up to where it has gone; the end of the last one.
    private int first;
    private int start;
    private int end;

    // The stream's place of the buffer's first byte.
    private long origin;

    /// <summary>Bytes of the messages that have not gone in full.</summary>
    public int Held => end - first;

    /// <summary>How many of them are no watch events.</summary>
    public int Replies { get; private set; }

    public ReadOnlySpan<byte> Waiting => buffer.AsSpan(start, end - start);

    public void Append(XsWireType type, uint reqId, uint txId, ReadOnlySpan<byte> payload)
    {
        var length = XsdSockmsg.SizeOf + payload.Length;
        if (end + length > buffer.Length) MakeRoom(length);
        var to = buffer.AsSpan(end, length);
        new XsdSockmsg((uint)type, reqId, txId, (uint)payload.Length).WriteTo(to);
        payload.CopyTo(to[XsdSockmsg.SizeOf..]);
        end += length;
        if (type != XsWireType.WatchEvent) Replies++;
        else pending?.Add(origin + end - length, buffer, origin, origin + first);
    }

    /// <summary>Whether the same event waits, or has gone only in part.</summary>
    public bool IsPending(ReadOnlySpan<byte> payload)
    {
        if (Held == 0) return false;
        pending ??= Index();
        return pending.Contains(payload, buffer, origin, origin + first);
    }

    /// <summary>The first bytes of <see cref="Waiting"/> have gone.</summary>
    public void Gone(int bytes)
    {
        start += bytes;
        while (first < end && first + LengthAt(first) <= start)
        {
            if (TypeAt(first) != XsWireType.WatchEvent) Replies--;
            first += LengthAt(first);
        }

        if (first == end) Clear();
    }

    /// <summary>Messages of which no byte has gone.</summary>
    public int CountUntouched()
    {
        var count = 0;
        for (var at = first; at < end; at += LengthAt(at)) count += at >= start ? 1 : 0;
        return count;
    }

    /// <summary>How often the event that waits most often waits; special names, which are never merged, do not count.</summary>
    public int MostOftenWaiting()
    {
        if (Held == 0) return 0;
        var most = 0;
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var at = first; at < end; at += LengthAt(at))
        {
            if (TypeAt(at) != XsWireType.WatchEvent) continue;
            var payload = Encoding.Latin1.GetString(buffer, at + XsdSockmsg.SizeOf, LengthAt(at) - XsdSockmsg.SizeOf);
            if (payload.StartsWith('@')) continue;
            var count = counts.GetValueOrDefault(payload) + 1;
            counts[payload] = count;
            most = Math.Max(most, count);
        }

        return most;
    }

    public void Clear()
    {
        origin += end;
        pending = null;
        (first, start, end, Replies) = (0, 0, 0, 0);
        if (buffer.Length > KeepMax) buffer = [];
    }

    private XsWireType TypeAt(int message) => (XsWireType)XsdSockmsg.Read(buffer.AsSpan(message)).Type;

    private int LengthAt(int message) => XsdSockmsg.SizeOf + (int)XsdSockmsg.Read(buffer.AsSpan(message)).Len;

    // Made when first asked for: a client that reads never has two messages waiting.
    private PendingEvents Index()
    {
        var index = new PendingEvents();
        for (var at = first; at < end; at += LengthAt(at))
        {
            if (TypeAt(at) == XsWireType.WatchEvent) index.Add(origin + at, buffer, origin, origin + first);
        }

        return index;
    }

    private void MakeRoom(int length)
    {
        // Moving pays only when it frees at least as much as it copies.
        var to = Held + length <= buffer.Length && first >= Held ? buffer : new byte[Math.Max(1024, 2 * (Held + length))];
        buffer.AsSpan(first, Held).CopyTo(to);
        buffer = to;
        origin += first;
        (first, start, end) = (0, start - first, end - first);
    }
}
