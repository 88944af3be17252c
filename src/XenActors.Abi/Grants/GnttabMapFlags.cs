namespace XenActors.Abi;

/// <summary>Flags of a map operation. Source: <c>public/grant_table.h</c>.</summary>
[Flags]
[XenConstants("GNTMAP_")]
public enum GnttabMapFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,
    DeviceMap = 1,
    HostMap = 2,
    Readonly = 4,
    ApplicationMap = 8,
    ContainsPte = 16,
}
