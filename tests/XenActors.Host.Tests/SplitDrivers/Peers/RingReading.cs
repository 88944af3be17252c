using XenActors.SplitDrivers.Ring;

namespace XenActors.Tests.SplitDrivers;

/// <summary>Slots as arrays of their own.</summary>
internal static class RingReading
{
    public static byte[]? Consume(this BackRing ring)
    {
        var slot = new byte[ring.EntrySize];
        return ring.TryConsume(slot) ? slot : null;
    }

    public static byte[]? Consume(this FrontRing ring)
    {
        var slot = new byte[ring.EntrySize];
        return ring.TryConsume(slot) ? slot : null;
    }
}
