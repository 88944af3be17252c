namespace XenActors.Abi;

/// <summary>Why the daemon gave up on a guest's ring. Source: <c>public/io/xs_wire.h</c>.</summary>
[XenConstants("XENSTORE_ERROR_")]
public enum XenstoreRingError : uint
{
    None = 0,
    Comm = 1,
    Ringidx = 2,
    Proto = 3,
}
