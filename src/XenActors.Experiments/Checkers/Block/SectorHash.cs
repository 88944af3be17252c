using System.Numerics;
using System.Runtime.InteropServices;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>A sector's contents as a number: 64 bits, so that two contents of one run never meet in practice.</summary>
internal static class SectorHash
{
    public const int Size = 512;

    public static ulong Of(ReadOnlySpan<byte> sector)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(sector);
        var (a, b) = (0x9E3779B97F4A7C15UL, 0xC2B2AE3D27D4EB4FUL);
        unchecked
        {
            // Hashing wraps.
            for (var i = 0; i + 1 < words.Length; i += 2)
            {
                a = BitOperations.RotateLeft((a ^ words[i]) * 0x9FB21C651E98DF25UL, 29);
                b = BitOperations.RotateLeft((b ^ words[i + 1]) * 0xD6E8FEB86659FD93UL, 31);
            }

            a ^= BitOperations.RotateLeft(b, 17);
            a = (a ^ (a >> 32)) * 0xE7037ED1A0B428DBUL;
            return a ^ (a >> 29);
        }
    }

    /// <summary>The n-th sector of some bytes; all zeroes where they end before.</summary>
    public static ulong At(ReadOnlySpan<byte> data, uint n) =>
        (n + 1L) * Size <= data.Length ? Of(data.Slice((int)n * Size, Size)) : Zeroes;

    public static readonly ulong Zeroes = Of(new byte[Size]);
}
