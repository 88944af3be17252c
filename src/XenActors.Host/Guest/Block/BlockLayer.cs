using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>The kernel's disks: they appear, their partition tables are read sector by sector, they go.</summary>
public static class BlockLayer
{
    /// <summary>Adds a disk; returns the first sector of its table to read, or null when there is none to read.</summary>
    public static ulong? Appear(GuestKernelState state, DiskAppeared m)
    {
        var disk = new GuestDisk
        {
            Name = m.Name,
            Major = m.Major,
            Minor = m.Minor,
            Minors = m.Minors,
            Sectors = m.Sectors,
            ReadOnly = m.ReadOnly,
            Removable = m.Removable,
            DriverName = m.DriverName,
            Driver = m.Driver,
            Scanning = m.Minors > 1 && m.Sectors > 0,
        };
        state.Disks.RemoveAll(d => d.Name == disk.Name);
        state.Disks.Add(disk);
        return disk.Scanning ? Continue(state, disk, VirtualTime.Zero) : null;
    }

    /// <summary>A sector of the table, empty when it could not be read; returns the next one to read.</summary>
    public static ulong? Read(GuestKernelState state, GuestDisk disk, ulong sector, byte[] data, VirtualTime now)
    {
        disk.ScanSectors[sector] = data;
        return Continue(state, disk, now);
    }

    public static void Changed(GuestKernelState state, string name, ulong sectors)
    {
        if (state.Disks.Find(d => d.Name == name) is { } disk)
        {
            disk.Sectors = sectors;
        }
    }

    public static void Gone(GuestKernelState state, string name) => state.Disks.RemoveAll(d => d.Name == name);

    private static ulong? Continue(GuestKernelState state, GuestDisk disk, VirtualTime now)
    {
        // Before 2.6.28 a partition needs a minor of its disk.
        var limit = state.Spec.Kernel.Has("partitions-within-minors") ? disk.Minors : PartitionTable.PartitionsMax;
        var scan = PartitionTable.Scan(disk.ScanSectors, disk.Sectors, disk.NameOf, limit);
        if (scan.Wanted is { } wanted)
        {
            return wanted;
        }

        disk.Scanning = false;
        disk.ScanSectors.Clear();
        disk.Partitions.AddRange(scan.Partitions);

        // Newer kernels pass over a disk without a table in silence.
        if (scan.Partitions.Count > 0 || scan.Warnings.Count > 0 || scan.Text.Contains("unable", StringComparison.Ordinal) ||
            state.Spec.Kernel.Has("partition-unknown-printed"))
        {
            state.Print(now, $" {disk.Name}:{scan.Text}");
        }

        foreach (var warning in scan.Warnings)
        {
            state.Print(now, warning[0] == ' ' ? $"{disk.Name}:{warning}" : warning);
        }

        return null;
    }
}
