using System.Globalization;

namespace XenActors.Guest.Block;

/// <summary><c>/proc/partitions</c> to the byte: whole disks by device number, each with its partitions (<c>block/genhd.c</c>).</summary>
public static class ProcPartitions
{
    public const string Header = "major minor  #blocks  name";

    // Partitions beyond a disk's own minors (block/genhd.c, BLOCK_EXT_MAJOR).
    private const int ExtendedMajor = 259;

    /// <param name="removable">Newer kernels list a CD drive too.</param>
    public static List<string> Lines(IReadOnlyList<GuestDisk> disks, bool removable)
    {
        var extended = ExtendedMinors(disks);
        var ordered = new List<GuestDisk>(disks);
        ordered.Sort((a, b) => a.Major != b.Major ? a.Major.CompareTo(b.Major) : a.Minor.CompareTo(b.Minor));
        var lines = new List<string> { Header, "" };
        foreach (var disk in ordered)
        {
            // An empty drive has no size to show.
            if (disk.Sectors == 0 || (disk.Removable && !removable))
            {
                continue;
            }

            lines.Add(Line(disk.Major, disk.Minor, disk.Sectors, disk.Name));
            foreach (var partition in disk.Partitions)
            {
                var name = disk.NameOf(partition.Number);
                lines.Add(extended.TryGetValue(name, out var minor)
                    ? Line(ExtendedMajor, minor, partition.Sectors, name)
                    : Line(disk.Major, disk.Minor + partition.Number, partition.Sectors, name));
            }
        }

        return lines;
    }

    // Handed out in the order in which the disks came.
    private static SortedDictionary<string, int> ExtendedMinors(IReadOnlyList<GuestDisk> disks)
    {
        var minors = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var disk in disks)
        {
            foreach (var partition in disk.Partitions)
            {
                if (partition.Number >= disk.Minors)
                {
                    minors[disk.NameOf(partition.Number)] = minors.Count;
                }
            }
        }

        return minors;
    }

    private static string Line(int major, int minor, ulong sectors, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{major,4}  {minor,7} {sectors / 2,10} {name}");
}
