using XenActors.Abi;

namespace XenActors.Xenstore;

/// <summary>Finds a watch event among the messages of a queue. It holds places in the stream only; those already sent drop out when it grows.</summary>
public sealed class PendingEvents
{
    private const long Free = -1;

    private long[] places = [];
    private int[] hashes = [];
    private int count;

    /// <summary>Whether the same event lies in the queue and nothing of it has been sent.</summary>
    /// <param name="payload">The event: path and token, each with its NUL.</param>
    /// <param name="queue">The queue's bytes.</param>
    /// <param name="origin">The stream's place of the queue's first byte.</param>
    /// <param name="unsent">The first message of which nothing has been sent.</param>
    public bool Contains(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> queue, long origin, long unsent)
    {
        if (count == 0) return false;
        var hash = HashOf(payload);
        var mask = places.Length - 1;
        for (var at = hash & mask; places[at] != Free; at = (at + 1) & mask)
        {
            if (hashes[at] == hash && places[at] >= unsent && payload.SequenceEqual(PayloadAt(queue, places[at] - origin))) return true;
        }

        return false;
    }

    /// <summary>Notes an event that has just been appended; the parameters are those of <see cref="Contains"/>.</summary>
    /// <param name="place">Its place in the stream.</param>
    public void Add(long place, ReadOnlySpan<byte> queue, long origin, long unsent)
    {
        if (2 * (count + 1) > places.Length) Grow(unsent);
        Put(place, HashOf(PayloadAt(queue, place - origin)));
    }

    /// <summary>Nothing waits any more.</summary>
    public void Clear() => (places, hashes, count) = ([], [], 0);

    private static ReadOnlySpan<byte> PayloadAt(ReadOnlySpan<byte> queue, long message)
    {
        var from = queue[(int)message..];
        return from.Slice(XsdSockmsg.SizeOf, (int)XsdSockmsg.Read(from).Len);
    }

    private static int HashOf(ReadOnlySpan<byte> payload)
    {
        var hash = PathTable<StoreNode>.HashSeed;
        foreach (var b in payload) hash = PathTable<StoreNode>.Mix(hash, (char)b);
        return unchecked((int)(hash ^ (hash >> 15))); // a hash wraps
    }

    private void Put(long place, int hash)
    {
        var mask = places.Length - 1;
        var at = hash & mask;
        while (places[at] != Free) at = (at + 1) & mask;
        (places[at], hashes[at]) = (place, hash);
        count++;
    }

    private void Grow(long unsent)
    {
        var live = 0;
        foreach (var place in places) live += place >= unsent ? 1 : 0;
        var (oldPlaces, oldHashes) = (places, hashes);
        var size = 16;
        while (size < 4 * (live + 1)) size *= 2;
        (places, hashes, count) = (new long[size], new int[size], 0);
        places.AsSpan().Fill(Free);
        for (var i = 0; i < oldPlaces.Length; i++)
        {
            if (oldPlaces[i] >= unsent) Put(oldPlaces[i], oldHashes[i]);
        }
    }
}
