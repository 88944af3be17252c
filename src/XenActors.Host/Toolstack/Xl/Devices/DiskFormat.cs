namespace XenActors.Toolstack.Xl;

/// <summary>libxl_disk_format.</summary>
public enum DiskFormat
{
    Unknown = 0,
    Qcow = 1,
    Qcow2 = 2,
    Vhd = 3,
    Raw = 4,
    Empty = 5,
    Qed = 6,
}
