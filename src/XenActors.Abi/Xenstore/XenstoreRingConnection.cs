namespace XenActors.Abi;

/// <summary>The state of a guest's connection, in the ring page. Source: <c>public/io/xs_wire.h</c>.</summary>
[XenConstants("XENSTORE_")]
public enum XenstoreRingConnection : uint
{
    Connected = 0,

    /// <summary>The guest asks for a new connection.</summary>
    Reconnect = 1,
}
