using XenActors.Abi;

namespace XenActors.Xenstore.Ring;

/// <summary>Bytes of a ring on their way between two replicas of its page. Indices run freely: all of this is modulo 2^32.</summary>
internal static class RingReplica
{
    /// <summary>What lies in a ring between two indices.</summary>
    public static byte[] Copy(MemoryRingPage page, int ring, uint from, uint to)
    {
        var bytes = new byte[(int)unchecked(to - from)];
        var run = XenstoreRingIndices.RunOf(from, (uint)bytes.Length);
        page.TryRead(XenstoreRingIndices.PlaceOf(ring, from), bytes.AsSpan(0, run));
        page.TryRead(ring, bytes.AsSpan(run));
        return bytes;
    }

    /// <summary>Puts bytes where they lie in the other replica: before an index. Of more than a ring holds the last ones stay, as in memory.</summary>
    public static void Store(MemoryRingPage page, int ring, uint to, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > XenstoreLimits.RingSize) bytes = bytes[^XenstoreLimits.RingSize..];
        var from = unchecked(to - (uint)bytes.Length);
        var run = XenstoreRingIndices.RunOf(from, (uint)bytes.Length);
        page.TryWrite(XenstoreRingIndices.PlaceOf(ring, from), bytes[..run]);
        page.TryWrite(ring, bytes[run..]);
    }
}
