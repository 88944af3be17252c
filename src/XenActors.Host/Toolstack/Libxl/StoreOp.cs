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

    /// <summary>Removes the directory if nothing is left in it.</summary>
    Prune,
}

/// <summary>One request of a flow. <see cref="Value"/> is a write's value, permissions with blanks between them, a watch's token.</summary>
[Codec]
public readonly partial record struct StoreOp(StoreOpKind Kind, string Path, string Value);
