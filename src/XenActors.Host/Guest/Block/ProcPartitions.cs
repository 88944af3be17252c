using System.Globalization;

namespace XenActors.Guest.Block;

/// <summary><c>/proc/partitions</c> to the byte: whole disks by device number, each with its partitions (<c>block/genhd.c</c>).</summary>
public static class ProcPartitions
{
    public const string Header = "major minor  #blocks  name";

    /// <param name="removable">Newer kernels list a CD drive too.</param>
    public static List<string> Lines(IReadOnlyList<GuestDisk> disks, bool removable)
    {
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

            lines.Add(Line(disk, disk.Minor, disk.Sectors, disk.Name));
            foreach (var partition in disk.Partitions)
            {
                lines.Add(Line(disk, disk.Minor + partition.Number, partition.Sectors, disk.NameOf(partition.Number)));
            }
        }

        return lines;
    }

    private static string Line(GuestDisk disk, int minor, ulong sectors, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{disk.Major,4}  {minor,7} {sectors / 2,10} {name}");
}
