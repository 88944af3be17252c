using System.Buffers.Binary;

namespace XenActors.Guest.Block;

/// <summary>A GUID partition table: header in sector 1 (or the disk's last), entries where the header says.</summary>
internal static class GptTable
{
    private const int SectorSize = 512;
    private const int EntrySizeMin = 128;
    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    public static PartitionScan Scan(
        SortedDictionary<ulong, byte[]> sectors, ulong diskSectors, Func<int, string> name, int partitionsMax)
    {
        var warnings = new List<string>();
        foreach (var place in new[] { 1UL, diskSectors - 1 })
        {
            if (!sectors.TryGetValue(place, out var header))
            {
                return PartitionScan.Need(place);
            }

            if (!IsHeader(header, place))
            {
                continue;
            }

            if (place != 1)
            {
                warnings.Add("GPT:Primary header thinks Alt. header is not at the end of the disk.");
            }

            return ScanEntries(header, sectors, diskSectors, name, partitionsMax, warnings);
        }

        return new(null, [], " unknown partition table", warnings);
    }

    private static PartitionScan ScanEntries(
        byte[] header,
        SortedDictionary<ulong, byte[]> sectors,
        ulong diskSectors,
        Func<int, string> name,
        int partitionsMax,
        List<string> warnings)
    {
        var first = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(72));
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80));
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(84));
        var (found, text) = (new List<GuestPartition>(), "");

        // An entry that straddles sectors is legal and never written; Linux reads the table as one buffer.
        if (size is < EntrySizeMin or > SectorSize || SectorSize % size != 0)
        {
            return new(null, [], " unknown partition table", warnings);
        }

        // A table that begins behind the disk holds nothing.
        first = Math.Min(first, diskSectors);
        var perSector = SectorSize / size;
        for (var i = 0u; i < Math.Min(count, (uint)partitionsMax - 1); i++)
        {
            var place = first + (i / perSector);
            if (place >= diskSectors)
            {
                break;
            }

            if (!sectors.TryGetValue(place, out var sector))
            {
                return PartitionScan.Need(place);
            }

            if (sector.Length < SectorSize)
            {
                break;
            }

            var entry = sector.AsSpan((int)(i % perSector * size), EntrySizeMin);
            var start = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
            var end = BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]);
            if (entry[..16].IndexOfAnyExcept((byte)0) < 0 || end < start || end == ulong.MaxValue)
            {
                continue;
            }

            text += " " + name((int)i + 1);
            PartitionTable.Add(found, warnings, new((int)i + 1, start, end - start + 1), diskSectors);
        }

        return new(null, found, text, warnings);
    }

    // The checksum is not read: what the simulation's disks hold was written whole.
    private static bool IsHeader(byte[] sector, ulong place) =>
        sector.Length >= SectorSize && sector.AsSpan(0, 8).SequenceEqual(Signature) &&
        BinaryPrimitives.ReadUInt64LittleEndian(sector.AsSpan(24)) == place;
}
