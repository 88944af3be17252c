using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>A whole disk as the kernel's block layer keeps it.</summary>
[Codec]
public sealed partial class GuestDisk
{
    public required string Name { get; init; }

    public required int Major { get; init; }

    public required int Minor { get; init; }

    /// <summary>How many minors the disk owns: one for itself, the rest for its partitions.</summary>
    public required int Minors { get; init; }

    public required ulong Sectors { get; set; }

    public required bool ReadOnly { get; init; }

    public required bool Removable { get; init; }

    public required string DriverName { get; init; }

    public required ActorRef Driver { get; init; }

    public List<GuestPartition> Partitions { get; } = [];

    /// <summary>What the scan of the partition table has read so far; emptied when it ends.</summary>
    public SortedDictionary<ulong, byte[]> ScanSectors { get; } = [];

    public bool Scanning { get; set; }

    /// <summary>The disk's name and a partition's number; a <c>p</c> between when the name ends with a digit.</summary>
    public string NameOf(int partition) => NameOf(Name, partition);

    public static string NameOf(string disk, int partition) => char.IsAsciiDigit(disk[^1]) ? $"{disk}p{partition}" : $"{disk}{partition}";
}
