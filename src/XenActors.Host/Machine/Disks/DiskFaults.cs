using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>
/// An injection point: from now on requests of these kinds to this volume fail so, each with this chance. A write that fails has written
/// nothing; a torn one, only its first sectors. A later order for the same volume takes the place of this one.
/// </summary>
/// <param name="Volume">Null for every volume of the host.</param>
/// <param name="Status"><see cref="DiskStatus.Ok"/>: the faults of the volume are over.</param>
/// <param name="Chance">From 0 to 1.</param>
/// <param name="Count">After so many failures it is over.</param>
[Codec]
public readonly partial record struct InjectDiskFault(VolumeId? Volume, DiskFaultReach Reach, DiskStatus Status, bool Torn, double Chance, long Count);

/// <summary>An injection point: the power is back; what was asked meanwhile was lost.</summary>
[Codec]
public readonly partial record struct PowerRestored;

[Flags]
public enum DiskFaultReach : byte
{
    Reads = 1,
    Writes = 2,
    Flushes = 4,
    All = Reads | Writes | Flushes,
}

/// <summary>An order to fail, and how often it was obeyed.</summary>
[Codec]
public sealed partial class DiskFault
{
    public required InjectDiskFault Order { get; init; }

    public long Done { get; set; }

    public bool Reaches(VolumeId volume, DiskFaultReach request) =>
        Done < Order.Count && (Order.Reach & request) != 0 && (Order.Volume is not { } only || only == volume);
}
