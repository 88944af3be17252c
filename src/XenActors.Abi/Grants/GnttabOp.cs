namespace XenActors.Abi;

/// <summary>Operations of HYPERVISOR_grant_table_op. Source: <c>public/grant_table.h</c>.</summary>
[XenConstants("GNTTABOP_")]
public enum GnttabOp : uint
{
    MapGrantRef = 0,
    UnmapGrantRef = 1,
    SetupTable = 2,
    DumpTable = 3,
    Transfer = 4,
    Copy = 5,
    QuerySize = 6,
    UnmapAndReplace = 7,
    SetVersion = 8,
    GetStatusFrames = 9,
    GetVersion = 10,
    SwapGrantRef = 11,
    CacheFlush = 12,
}
