using XenActors.Guest;
using XenActors.Guest.Block;
using XenActors.Machine;
using XenActors.SplitDrivers.Block.Front;
using XenActors.Toolstack.Xl;

namespace XenActors.Experiments.Boot;

/// <summary>Follows each of a guest's disks through its driver to the image behind it.</summary>
internal static class DiskPaths
{
    public static IReadOnlyList<DiskPath> Of(XenMachine machine, ushort domain, DomainConfig config)
    {
        var paths = new List<DiskPath>();
        foreach (var disk in machine.Kernel(domain)?.Disks ?? [])
        {
            if (VirtualDeviceOf(machine, disk) is { } number && Find(config, number) is { } spec)
            {
                paths.Add(new DiskPath(disk.Name, spec.Vdev, spec.PdevPath ?? ""));
            }
        }

        return paths;
    }

    // What the driver knows of its device: an IDE drive its place, a vbd its number.
    private static uint? VirtualDeviceOf(XenMachine machine, GuestDisk disk)
    {
        if (machine.Simulator.StateOf<BlkfrontState>(disk.Driver) is { } vbd)
        {
            return vbd.VirtualDevice;
        }

        return machine.Simulator.StateOf<AtaDiskState>(disk.Driver) is { } drive
            && VirtualDevice.TryParse("hd" + (char)('a' + (drive.Channel * 2) + drive.Position), out var device)
            ? device.Number
            : null;
    }

    private static DiskSpec? Find(DomainConfig config, uint number)
    {
        foreach (var disk in config.Disks)
        {
            if (VirtualDevice.TryParse(disk.Vdev, out var device) && device.Number == number)
            {
                return disk;
            }
        }

        return null;
    }
}
