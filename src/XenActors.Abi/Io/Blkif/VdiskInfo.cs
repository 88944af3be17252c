namespace XenActors.Abi;

/// <summary>Bits of the backend's <c>info</c> node. Source: <c>public/io/blkif.h</c>.</summary>
[Flags]
[XenConstants("VDISK_")]
public enum VdiskInfo : uint
{
    /// <summary>No flag.</summary>
    None = 0,
    Cdrom = 1,
    Removable = 2,
    Readonly = 4,
}
