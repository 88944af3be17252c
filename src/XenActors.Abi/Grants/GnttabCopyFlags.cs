namespace XenActors.Abi;

/// <summary>Which ends of a copy name a grant rather than a frame. Source: <c>public/grant_table.h</c>.</summary>
[Flags]
[XenConstants("GNTCOPY_")]
public enum GnttabCopyFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,
    SourceGref = 1,
    DestGref = 2,
}
