using XenActors.Toolstack.Libxl;

namespace XenActors.DeviceModel;

/// <summary>What hw/block/xen-block.c reads and writes for one disk until its backend waits for a frontend.</summary>
internal static class QemuDiskNodes
{
    private const int InfoCdrom = 1;
    private const int InfoReadOnly = 4;

    private static readonly string[] Options =
        ["params", "removable", "bootable", "dev", "type", "mode", "device-type", "discard-enable", "specification"];

    public static void Add(StoreBatch batch, GuestPlan plan, DiskPlan disk)
    {
        var domain = plan.Domain;
        var (list, back) = ($"backend/qdisk/{domain}/{disk.Number}", $"/local/domain/0/backend/qdisk/{domain}/{disk.Number}");
        var front = $"/local/domain/{domain}/device/vbd/{disk.Number}";
        batch.Read($"{list}/state").Read($"{list}/online").Begin().Directory(list);
        foreach (var option in Options)
        {
            batch.Read($"{list}/{option}");
        }

        batch.End().Write(back, "").SetPerms(back, $"n0 r{domain}").Watch($"{back}/state", "state").Watch($"{back}/online", "online");
        batch.Read($"{front}/state").Watch($"{front}/state", "front");
        Publish(batch, disk, back, front);
        batch.Write($"{back}/frontend", front).Write($"{back}/frontend-id", $"{domain}").Write($"{back}/hotplug-status", "connected");
        batch.Write($"{back}/online", "1").Write($"{back}/state", "2").Read($"{front}/state");
    }

    private static void Publish(StoreBatch batch, DiskPlan disk, string back, string front)
    {
        batch.Write($"{back}/feature-flush-cache", "1");
        if (disk.Discard)
        {
            batch.Write($"{back}/feature-discard", "1").Write($"{back}/discard-granularity", "512").Write($"{back}/discard-alignment", "0");
        }

        var info = (disk.Cdrom ? InfoCdrom : 0) | (disk.Writable ? 0 : InfoReadOnly);
        batch.Write($"{back}/max-ring-page-order", "4").Write($"{back}/info", $"{info}");
        batch.Write($"{front}/virtual-device", $"{disk.Number}").Write($"{front}/device-type", disk.DeviceType);
        batch.Write($"{back}/sector-size", "512").Write($"{back}/sectors", $"{disk.Sectors}");
    }
}
