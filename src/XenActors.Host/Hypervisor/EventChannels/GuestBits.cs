using System.Buffers.Binary;

namespace XenActors.Hypervisor.EventChannels;

/// <summary>
/// Bit strings in pages that Xen and a guest share. Little-endian words of any width lie as a string of bytes whose bit n is bit n % 8 of
/// byte n / 8, so one form serves 32-bit and 64-bit guests.
/// </summary>
internal static class GuestBits
{
    public static bool Test(byte[] page, int offset, uint bit) => (page[offset + (int)(bit >> 3)] >> (int)(bit & 7) & 1) != 0;

    /// <summary>Whether the bit was set before.</summary>
    public static bool TestAndSet(byte[] page, int offset, uint bit)
    {
        ref var cell = ref page[offset + (int)(bit >> 3)];
        var mask = (byte)(1 << (int)(bit & 7));
        var was = (cell & mask) != 0;
        cell |= mask;
        return was;
    }

    /// <summary>Whether the bit was set before.</summary>
    public static bool TestAndClear(byte[] page, int offset, uint bit)
    {
        ref var cell = ref page[offset + (int)(bit >> 3)];
        var mask = (byte)(1 << (int)(bit & 7));
        var was = (cell & mask) != 0;
        cell &= unchecked((byte)~mask); // the complement of a byte
        return was;
    }

    /// <summary>Word number <paramref name="index"/> of a string of 32-bit or 64-bit words.</summary>
    public static ulong Word(byte[] page, int offset, int index, int bits) => bits == 64
        ? BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(offset + (index * 8)))
        : BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(offset + (index * 4)));

    public static void SetWord(byte[] page, int offset, int index, int bits, ulong value)
    {
        if (bits == 64)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(offset + (index * 8)), value);
        }
        else
        {
            // A 32-bit guest's word.
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(offset + (index * 4)), unchecked((uint)value));
        }
    }
}
