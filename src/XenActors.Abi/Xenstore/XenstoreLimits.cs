namespace XenActors.Abi;

/// <summary>Sizes of the xenstore protocol, in bytes. Source: <c>public/io/xs_wire.h</c>.</summary>
[XenConstants("XENSTORE_")]
public static class XenstoreLimits
{
    public const int PayloadMax = 4096;
    public const int AbsPathMax = 3072;
    public const int RelPathMax = 2048;
    public const int RingSize = 1024;
}
