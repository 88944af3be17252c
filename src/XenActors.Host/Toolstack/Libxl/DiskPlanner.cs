using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Toolstack.Xl;

namespace XenActors.Toolstack.Libxl;

/// <summary>
/// libxl__device_disk_setdefault and libxl__device_disk_set_backend: which backend serves a disk, and libxl's words when none does.
/// </summary>
internal static class DiskPlanner
{
    public static DiskPlan? Plan(DiskSpec disk, bool hvm, HostProfile host, IVolumes volumes, List<string> errors)
    {
        if (!VirtualDevice.TryParse(disk.Vdev, out var device))
        {
            errors.Add(VirtualDevice.Invalid(disk.Vdev));
            return null;
        }

        var path = disk.PdevPath ?? "";
        var xend = host.Toolstack == ToolstackKind.Xend;
        var volume = path.Length > 0 ? volumes.Find(path) : null;
        var backend = xend ? DiskBackendKind.Phy : Choose(disk, hvm, path, volume, errors);
        if (backend is not { } chosen)
        {
            return null;
        }

        var file = volume is { IsBlockDevice: false };
        var writable = disk.ReadWrite && !disk.IsCdrom;
        return new()
        {
            Vdev = disk.Vdev,
            Number = device.Number,
            Backend = chosen,
            Path = path,
            Params = chosen == DiskBackendKind.Phy ? path : $"{FormatName(disk.Format)}:{path}",
            Script = chosen == DiskBackendKind.Phy ? $"{host.ScriptsDir}/{disk.Script ?? "block"}" : "",
            Type = chosen == DiskBackendKind.Qdisk ? "qdisk" : xend && (file || path.Length == 0) ? "file" : "phy",
            Writable = writable,
            Cdrom = disk.IsCdrom,
            Removable = disk.Removable || disk.IsCdrom,
            Discard = disk.Discard ?? writable,
            DirectIoSafe = disk.DirectIoSafe,
            Trusted = disk.Trusted ?? true,
            Present = path.Length == 0 || volume is not null,
            Sectors = volume?.Sectors ?? 0,
            Volume = volume?.Id ?? VolumeId.None,
        };
    }

    private static DiskBackendKind? Choose(DiskSpec disk, bool hvm, string path, VolumeInfo? volume, List<string> errors)
    {
        if (hvm && disk.IsCdrom)
        {
            disk = disk with { Backend = DiskBackend.Qdisk };
        }

        if (disk.Format == DiskFormat.Empty)
        {
            if (!disk.IsCdrom)
            {
                return Refuse(errors, $"Disk vdev={disk.Vdev} is empty but not cdrom");
            }

            if (path.Length > 0)
            {
                return Refuse(errors, $"Disk vdev={disk.Vdev} is empty but an image has been provided: {path}");
            }
        }
        else if (disk is { Backend: DiskBackend.Unknown or DiskBackend.Phy, Script: null } && volume is null)
        {
            return Refuse(errors, $"Disk vdev={disk.Vdev} failed to stat: {path}: No such file or directory");
        }

        var phy = disk.Format is DiskFormat.Raw or DiskFormat.Unknown && (disk.Script is not null || volume is { IsBlockDevice: true });
        var qdisk = disk.Script is null;
        return disk.Backend switch
        {
            DiskBackend.Unknown or DiskBackend.Phy when phy => DiskBackendKind.Phy,
            DiskBackend.Unknown or DiskBackend.Qdisk when qdisk => DiskBackendKind.Qdisk,
            _ => Refuse(errors, $"no suitable backend for disk {disk.Vdev}"),
        };
    }

    private static DiskBackendKind? Refuse(List<string> errors, string text)
    {
        errors.Add(text);
        return null;
    }

    // libxl__device_disk_string_of_format: what qemu's xen_disk reads in front of the path.
    private static string FormatName(DiskFormat format) => format switch
    {
        DiskFormat.Qcow => "qcow",
        DiskFormat.Qcow2 => "qcow2",
        DiskFormat.Vhd => "vhd",
        DiskFormat.Qed => "qed",
        _ => "aio", // raw and empty
    };
}
