using System.Buffers.Binary;
using System.Globalization;

namespace XenActors.Guest.Block;

/// <summary>
/// Partition tables as Linux reads them (<c>block/partitions/</c>): GPT behind a protective MBR, else MBR with extended and logical
/// partitions. Pure: give it the sectors read so far, and it asks for the next one or answers.
/// </summary>
public static class PartitionTable
{
    private const int SectorSize = 512;
    private const byte Protective = 0xEE;

    // Linux' limit against chains that go round.
    private const int LinksMax = 100;

    // The kernel looks at this many partitions of a disk (DISK_MAX_PARTS).
    public const int PartitionsMax = 256;

    /// <param name="name">Names a partition by its number.</param>
    /// <param name="limit">Partitions have numbers below it.</param>
    public static PartitionScan Scan(
        SortedDictionary<ulong, byte[]> sectors, ulong diskSectors, Func<int, string> name, int limit = PartitionsMax)
    {
        if (!sectors.TryGetValue(0, out var first))
        {
            return PartitionScan.Need(0);
        }

        if (first.Length < SectorSize || first[510] != 0x55 || first[511] != 0xAA)
        {
            return new(null, [], first.Length < SectorSize ? " unable to read partition table" : " unknown partition table", []);
        }

        for (var i = 0; i < 4; i++)
        {
            if (Entry(first, i).Type == Protective)
            {
                return GptTable.Scan(sectors, diskSectors, name, limit);
            }
        }

        return ScanMbr(first, sectors, diskSectors, name, limit);
    }

    internal static (byte Type, uint Start, uint Size) Entry(byte[] sector, int index)
    {
        var entry = sector.AsSpan(446 + (index * 16), 16);
        return (entry[4], BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]));
    }

    /// <summary>Linux cuts a partition that ends behind the disk, and leaves out one that begins there.</summary>
    internal static void Add(List<GuestPartition> found, List<string> warnings, GuestPartition partition, ulong diskSectors)
    {
        if (partition.Start >= diskSectors)
        {
            warnings.Add(Text($" p{partition.Number} start {partition.Start} is beyond EOD, truncated"));
            return;
        }

        if (partition.Sectors > diskSectors - partition.Start)
        {
            warnings.Add(Text($" p{partition.Number} size {partition.Sectors} extends beyond EOD, truncated"));
            partition = partition with { Sectors = diskSectors - partition.Start };
        }

        found.Add(partition);
    }

    private static PartitionScan ScanMbr(
        byte[] first, SortedDictionary<ulong, byte[]> sectors, ulong diskSectors, Func<int, string> name, int limit)
    {
        var (found, warnings, text, next) = (new List<GuestPartition>(), new List<string>(), "", 5);
        for (var i = 0; i < 4; i++)
        {
            var (type, start, size) = Entry(first, i);
            if (size == 0)
            {
                continue;
            }

            text += " " + name(i + 1);
            if (!IsExtended(type))
            {
                Add(found, warnings, new(i + 1, start, size), diskSectors);
                continue;
            }

            // Two sectors, so that a boot loader fits and nobody makes a file system over the chain.
            Add(found, warnings, new(i + 1, start, Math.Min(size, 2u)), diskSectors);
            text += " <";
            if (Logical(start, size) is { } wanted)
            {
                return PartitionScan.Need(wanted);
            }

            text += " >";
        }

        return new(null, found, text, warnings);

        ulong? Logical(ulong extended, ulong extendedSize)
        {
            var link = extended;
            for (var links = 0; links < LinksMax && next < limit && link < diskSectors; links++)
            {
                if (!sectors.TryGetValue(link, out var table))
                {
                    return link;
                }

                if (table.Length < SectorSize || table[510] != 0x55 || table[511] != 0xAA)
                {
                    return null;
                }

                ulong? following = null;
                for (var i = 0; i < 4; i++)
                {
                    var (type, start, size) = Entry(table, i);
                    if (size == 0)
                    {
                        continue;
                    }

                    if (IsExtended(type))
                    {
                        following ??= extended + start;
                    }
                    else if (next < limit && (i < 2 || ((ulong)start + size <= extendedSize && link + start >= extended)))
                    {
                        text += " " + name(next);
                        Add(found, warnings, new(next++, link + start, size), diskSectors);
                    }
                }

                if (following is not { } further)
                {
                    return null;
                }

                link = further;
            }

            return null;
        }
    }

    private static bool IsExtended(byte type) => type is 0x05 or 0x0F or 0x85;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
