using XenActors.Simulation;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Libxl;

/// <summary>What <c>libxl_cdrom_insert</c> is about to do next.</summary>
public enum CdStep : byte
{
    /// <summary>QMP: whatever is in the drive leaves it.</summary>
    Eject,

    /// <summary>The store says that the drive is empty.</summary>
    WriteEmpty,

    /// <summary>QMP: the new image.</summary>
    Insert,

    /// <summary>The store says what is in the drive.</summary>
    WriteInserted,
    Ended,
}

/// <summary>One <c>xl cd-insert</c> or <c>cd-eject</c>.</summary>
[Codec]
public sealed partial class CdState
{
    public required ActorRef Requester { get; set; }

    public required ushort Domain { get; set; }

    /// <summary>Among the guest's disks.</summary>
    public required int Index { get; set; }

    /// <summary>The drive with its new medium.</summary>
    public required DiskPlan Disk { get; set; }

    public required ActorRef DeviceModel { get; set; }

    public required XenstoreClient Xs { get; set; }

    public StoreBatch Batch { get; set; } = new();

    public CdStep Step { get; set; }
}
