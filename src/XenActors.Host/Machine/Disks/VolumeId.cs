using XenActors.Simulation;

namespace XenActors.Machine.Disks;

/// <summary>
/// A host's volume by number: 1 for the first that was opened. A path is looked up once, by who opens the volume (<see cref="IVolumes.Find"/>); every
/// request after that carries the number.
/// </summary>
[Codec]
public readonly partial record struct VolumeId(int Number)
{
    public static readonly VolumeId None;

    public bool IsNone => Number == 0;

    public override string ToString() => $"volume {Number}";
}
