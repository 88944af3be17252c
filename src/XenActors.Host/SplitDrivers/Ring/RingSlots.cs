using XenActors.Abi;

namespace XenActors.SplitDrivers.Ring;

/// <summary>Slots on their way between two replicas. Indices run freely: all of this is modulo 2^32.</summary>
internal static class RingSlots
{
    public static byte[] Copy(byte[] page, uint old, uint next, int entries, int size)
    {
        var slots = new byte[(int)unchecked(next - old) * size];
        for (var i = 0; i * size < slots.Length; i++)
        {
            page.AsSpan(SharedRing.EntryOffset(unchecked(old + (uint)i), entries, size), size).CopyTo(slots.AsSpan(i * size));
        }

        return slots;
    }

    /// <summary>False when the bytes are not the slots that the indices say.</summary>
    public static bool Store(byte[] page, uint old, uint next, byte[] slots, int entries, int size)
    {
        var count = unchecked(next - old);
        if (count > (uint)entries || slots.Length != count * size)
        {
            return false;
        }

        for (var i = 0; i < (int)count; i++)
        {
            slots.AsSpan(i * size, size).CopyTo(page.AsSpan(SharedRing.EntryOffset(unchecked(old + (uint)i), entries, size)));
        }

        return true;
    }

    /// <summary>The producer's question in RING_PUSH_*_AND_CHECK_NOTIFY, asked where the answer is known: at the consumer.</summary>
    public static bool Crossed(uint old, uint next, uint threshold) => unchecked(next - threshold) < unchecked(next - old);
}
