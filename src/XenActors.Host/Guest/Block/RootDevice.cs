namespace XenActors.Guest.Block;

/// <summary>Which block device <c>root=</c> means.</summary>
public static class RootDevice
{
    private const string Prefix = "/dev/";

    /// <summary>
    /// Null while it is not there. A label, an id or a volume of LVM is found on any disk, whatever the disk is called; a name only under
    /// that name.
    /// </summary>
    public static string? Find(string? root, IReadOnlyList<GuestDisk> disks)
    {
        if (root is null || !root.StartsWith(Prefix, StringComparison.Ordinal) || root[Prefix.Length..].Contains('/', StringComparison.Ordinal))
        {
            return First(disks);
        }

        var name = root[Prefix.Length..];
        foreach (var disk in disks)
        {
            if (disk.Name == name && !disk.Scanning)
            {
                return name;
            }

            foreach (var partition in disk.Partitions)
            {
                if (disk.NameOf(partition.Number) == name)
                {
                    return name;
                }
            }
        }

        return null;
    }

    private static string? First(IReadOnlyList<GuestDisk> disks)
    {
        foreach (var disk in disks)
        {
            if (!disk.Removable && !disk.Scanning)
            {
                return disk.Partitions.Count > 0 ? disk.NameOf(disk.Partitions[0].Number) : disk.Name;
            }
        }

        return null;
    }
}
