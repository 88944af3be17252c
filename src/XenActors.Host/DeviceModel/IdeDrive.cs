using XenActors.Machine.Disks;
using XenActors.Simulation;

namespace XenActors.DeviceModel;

/// <summary>A drive on the two IDE channels.</summary>
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

    /// <summary>Its place among four.</summary>
    public int Index => (2 * Channel) + Drive;
}
