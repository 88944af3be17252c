using System.Runtime.InteropServices;

namespace XenActors.Simulation;

/// <summary>
/// 64 bits of many bytes, the same on every machine: four lanes that do not wait for each other, each one rotation and one multiplication a word. For
/// telling contents apart, not against somebody who wants two to look alike.
/// </summary>
public static class BulkHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const int Block = 4 * sizeof(ulong);

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        unchecked // A hash, modulo 2^64.
        {
            var (a, b, c, d) = (Multiplier, Multiplier * 3, Multiplier * 5, (ulong)bytes.Length * Multiplier);
            var blocks = MemoryMarshal.Cast<byte, ulong>(bytes[..(bytes.Length & ~(Block - 1))]);
            for (; blocks.Length >= 4; blocks = blocks[4..])
            {
                a = Fold(a, blocks[0]);
                b = Fold(b, blocks[1]);
                c = Fold(c, blocks[2]);
                d = Fold(d, blocks[3]);
            }

            var rest = bytes[(bytes.Length & ~(Block - 1))..];
            if (rest.Length > 0)
            {
                Span<byte> last = stackalloc byte[Block];
                last.Clear();
                rest.CopyTo(last);
                var words = MemoryMarshal.Cast<byte, ulong>(last);
                a = Fold(a, words[0]);
                b = Fold(b, words[1]);
                c = Fold(c, words[2]);
                d = Fold(d, words[3]);
            }

            return StableHash.Mix(a + ulong.RotateLeft(b, 17) + ulong.RotateLeft(c, 31) + ulong.RotateLeft(d, 47));
        }
    }

    private static ulong Fold(ulong lane, ulong word)
    {
        unchecked // A hash, modulo 2^64.
        {
            return ulong.RotateLeft((lane ^ word) * Multiplier, 31);
        }
    }
}
