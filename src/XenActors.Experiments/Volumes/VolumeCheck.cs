using System.Globalization;
using XenActors.Guest.Block;
using XenActors.Machine.Disks;

namespace XenActors.Experiments.Volumes;

/// <summary>Looks at an image's partition table before the guest does, so that a mistake is told in one line.</summary>
internal static class VolumeCheck
{
    private const int SectorSize = 512;

    /// <summary>Null when the table fits the image.</summary>
    public static string? Problem(IVolumes volumes, string path, string image)
    {
        var info = volumes.Find(path)!;
        var sectors = new SortedDictionary<ulong, byte[]>();
        while (true)
        {
            // The table is read as if the disk had no end: what matters is where the partitions lie.
            var scan = PartitionTable.Scan(sectors, ulong.MaxValue / SectorSize, n => n.ToString(CultureInfo.InvariantCulture));
            if (scan.Wanted is not { } wanted)
            {
                var over = scan.Partitions.Find(p => p.Start + p.Sectors > info.Sectors);
                return over.Number == 0
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"{image}: the image ends after {info.Sectors} sectors, but partition {over.Number} of its table ends at sector {over.Start + over.Sectors}");
            }

            var sector = new byte[SectorSize];
            if (wanted >= info.Sectors)
            {
                return wanted == 0
                    ? $"{image}: the image is empty"
                    : string.Create(CultureInfo.InvariantCulture, $"{image}: the image ends after {info.Sectors} sectors, but its partition table goes on at sector {wanted}");
            }

            if (!volumes.Read(info.Id, wanted * SectorSize, sector))
            {
                return $"{image}: cannot be read";
            }

            sectors[wanted] = sector;
        }
    }
}
