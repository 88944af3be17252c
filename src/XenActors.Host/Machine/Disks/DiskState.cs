using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>A host's disks, one behind each volume.</summary>
[Codec]
public sealed partial class DiskState
{
    public required DiskProfile Profile { get; init; }

    /// <summary>Spread of a disk's latency.</summary>
    public int JitterPercent { get; init; } = 20;

    /// <summary>By the volumes' numbers.</summary>
    public List<DiskUnit> Units { get; init; } = [];

    /// <summary>Sizes of volumes that were made longer or shorter since the host began, by number: sectors of 512 bytes.</summary>
    public SortedDictionary<int, ulong> Sizes { get; init; } = [];

    public long Reads { get; set; }

    public long Writes { get; set; }

    public long Flushes { get; set; }

    /// <summary>Sectors that a power loss took.</summary>
    public long SectorsLost { get; set; }

    public bool Destaging { get; set; }

    /// <summary>The power is gone: nothing is answered any more.</summary>
    public bool Off { get; set; }

    /// <summary>Orders to fail, in the order in which they came.</summary>
    public List<DiskFault> Faults { get; init; } = [];

    /// <summary>Failures by order, those that are over included.</summary>
    public long FaultsDone { get; set; }

    public DiskUnit Unit(VolumeId volume)
    {
        while (Units.Count <= volume.Number)
        {
            Units.Add(DiskUnit.Of(Profile));
        }

        return Units[volume.Number];
    }
}
