using XenActors.Machine.Disks;

namespace XenActors.Experiments.Recordings;

/// <summary>A volume of a recorded session.</summary>
/// <param name="Image">The file that was behind it; empty when it was made for the session.</param>
public sealed record RecordedVolume(string Path, VolumeInfo Info, string Image);
