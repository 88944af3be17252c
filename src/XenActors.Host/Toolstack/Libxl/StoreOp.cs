using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

public enum StoreOpKind : byte
{
    Begin,
    End,
    Write,
    Mkdir,
    Rm,
    SetPerms,
    Read,
    Directory,
    DomainPath,
    Watch,
    Unwatch,
    Introduce,
    Release,

    /// <summary>The domain goes on after a suspend: its next end is told again.</summary>
    Resume,

    /// <summary>Removes the directory if nothing is left in it.</summary>
    Prune,

    /// <summary>libxl__xs_path_cleanup: removes the path, and each directory above it that this leaves empty.</summary>
    Cleanup,

    /// <summary>Writes a state that was read before, unless it was Closed or not there.</summary>
    WriteUnlessClosed,

    /// <summary>libxl__device_exists: inside a transaction, which is given up when the path is there.</summary>
    Vacant,
}

/// <summary>One request of a flow. <see cref="Value"/> is a write's value, permissions with blanks between them, a watch's token.</summary>
[Codec]
public readonly partial record struct StoreOp(StoreOpKind Kind, string Path, string Value);
