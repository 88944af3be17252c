using System.Buffers.Binary;

namespace XenActors.Experiments.Fio;

/// <summary>
/// What a verifying writer puts into each sector: who wrote it, the write's number and the sector's place, and behind them bytes that follow from these,
/// with a sum over all. So a sector that is not as it should be says what has happened to it.
/// </summary>
public readonly record struct SectorStamp(ushort Domain, ushort Writer, ulong Sector, ulong Write)
{
    public const int SectorSize = 512;
    private const int Head = 40;

    private static ReadOnlySpan<byte> Magic => "XenStamp"u8;

    public void WriteTo(Span<byte> sector)
    {
        Magic.CopyTo(sector);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[8..], Domain);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[10..], Writer);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[12..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[16..], Sector);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[24..], Write);
        var seed = Seed();
        for (var at = Head; at < SectorSize; at += 8)
        {
            seed = Step(seed);
            BinaryPrimitives.WriteUInt64LittleEndian(sector[at..], seed);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(sector[32..], Step(seed));
    }

    /// <summary>False when nobody stamped the sector; <paramref name="whole"/> is false when its bytes are not all of one stamp.</summary>
    public static bool TryRead(ReadOnlySpan<byte> sector, out SectorStamp stamp, out bool whole)
    {
        (stamp, whole) = (default, false);
        if (!sector[..8].SequenceEqual(Magic))
        {
            return false;
        }

        stamp = new(
            BinaryPrimitives.ReadUInt16LittleEndian(sector[8..]), BinaryPrimitives.ReadUInt16LittleEndian(sector[10..]),
            BinaryPrimitives.ReadUInt64LittleEndian(sector[16..]), BinaryPrimitives.ReadUInt64LittleEndian(sector[24..]));
        Span<byte> expected = stackalloc byte[SectorSize];
        stamp.WriteTo(expected);
        whole = sector.SequenceEqual(expected);
        return true;
    }

    private ulong Seed() => unchecked((Write * 0x9E3779B97F4A7C15) ^ (Sector * 0xC2B2AE3D27D4EB4F) ^ ((ulong)Domain << 16) ^ Writer); // Mixing.

    private static ulong Step(ulong x)
    {
        unchecked // Mixing.
        {
            x += 0x9E3779B97F4A7C15;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            return x ^ (x >> 27);
        }
    }
}
