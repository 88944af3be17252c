using XenActors.Abi;

namespace XenActors.SplitDrivers.Ring;

/// <summary>Slots on their way between two replicas. Indices run freely: all of this is modulo 2^32.</summary>
internal static class RingSlots
{
    public static byte[] Copy(byte[] page, uint old, uint next, int entries, int size)
    {
        var count = (int)Math.Min(unchecked(next - old), (uint)entries);
        var slots = GC.AllocateUninitializedArray<byte>(count * size);
        for (var i = 0; i < count; i++)
        {
            page.AsSpan(SharedRing.EntryOffset(unchecked(old + (uint)i), entries, size), size).CopyTo(slots.AsSpan(i * size));
        }

        return slots;
    }

    /// <summary>As memory does: whatever comes is written, as far as it is whole slots and not more than the ring has.</summary>
    public static void Store(byte[] page, uint old, byte[] slots, int entries, int size)
    {
        var count = Math.Min(slots.Length / size, entries);
        for (var i = 0; i < count; i++)
        {
            slots.AsSpan(i * size, size).CopyTo(page.AsSpan(SharedRing.EntryOffset(unchecked(old + (uint)i), entries, size)));
        }
    }

    /// <summary>The producer's question in RING_PUSH_*_AND_CHECK_NOTIFY, asked where the answer is known: at the consumer.</summary>
    public static bool Crossed(uint old, uint next, uint threshold) => unchecked(next - threshold) < unchecked(next - old);

    public static string Describe(PageWrite[] pages)
    {
        if (pages.Length == 0)
        {
            return "";
        }

        var bytes = 0L;
        foreach (var page in pages)
        {
            bytes += page.Bytes.Length;
        }

        return $" with {bytes} bytes in {pages.Length} places";
    }
}
