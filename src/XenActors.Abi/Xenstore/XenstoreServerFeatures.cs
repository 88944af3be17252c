namespace XenActors.Abi;

/// <summary>What the daemon can do, in the ring page. Source: <c>public/io/xs_wire.h</c>.</summary>
[Flags]
[XenConstants("XENSTORE_SERVER_FEATURE_")]
public enum XenstoreServerFeatures : uint
{
    /// <summary>No flag.</summary>
    None = 0,
    Reconnection = 1,
    Error = 2,
}
