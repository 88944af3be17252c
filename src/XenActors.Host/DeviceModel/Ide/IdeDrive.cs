using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>A drive on the two IDE channels, and what is in it.</summary>
[Codec]
public sealed partial record IdeDrive
{
    public required byte Channel { get; init; }

    public required byte Drive { get; init; }

    public required bool Cdrom { get; init; }

    /// <summary>The image; none for an empty drive.</summary>
    public required VolumeId Volume { get; init; }

    /// <summary>Of 512 bytes.</summary>
    public required ulong Sectors { get; init; }

    public required string Revision { get; init; }

    /// <summary>The drive has DATA SET MANAGEMENT's TRIM: QEMU from 0.15 on, and not qemu-dm.</summary>
    public bool Trim { get; init; } = true;

    /// <summary>A trimmed range is passed on (<c>discard=unmap</c>). libxl gives no IDE drive this option: ranges are checked, and that is all.</summary>
    public bool Unmap { get; init; }

    /// <summary>Its place among four.</summary>
    public int Index => (2 * Channel) + Drive;

    public string Serial => $"QM{Index + 1:00000}";
}
