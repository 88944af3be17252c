namespace XenActors.Toolstack.Xl;

/// <summary>libxl_disk_backend; <see cref="Unknown"/> leaves the choice to libxl.</summary>
public enum DiskBackend
{
    Unknown = 0,
    Phy = 1,
    Tap = 2,
    Qdisk = 3,
    Standalone = 4,
}
