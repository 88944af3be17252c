using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Toolstack.Xl;

namespace XenActors.DeviceModel;

/// <summary>PIIX3's two channels with two drives each.</summary>
[Codec]
public sealed partial class IdeController
{
    private const int DrivesMax = 4;

    public List<IdeDrive> Drives { get; private set; } = [];

    /// <summary>Whole disks of the hd names; the others are for PV drivers alone.</summary>
    public static IdeController Build(GuestPlan plan, string revision)
    {
        var controller = new IdeController();
        foreach (var disk in plan.Disks)
        {
            var device = VirtualDevice.FromNumber(disk.Number);
            if (device is { Family: VirtualDeviceFamily.Hd, Partition: 0, Disk: < DrivesMax })
            {
                controller.Drives.Add(new()
                {
                    Channel = (byte)(device.Disk / 2),
                    Drive = (byte)(device.Disk % 2),
                    Cdrom = disk.Cdrom,
                    Volume = disk.Volume,
                    Sectors = disk.Sectors,
                    Revision = revision,
                });
            }
        }

        return controller;
    }

    public IdeDrive? Find(byte channel, byte drive)
    {
        foreach (var candidate in Drives)
        {
            if (candidate.Channel == channel && candidate.Drive == drive)
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Disks leave, CD drives stay; <paramref name="aux"/> spares the primary master. False when nothing left.</summary>
    public bool Unplug(bool aux) => Drives.RemoveAll(d => !d.Cdrom && !(aux && d.Index == 0)) > 0;
}
