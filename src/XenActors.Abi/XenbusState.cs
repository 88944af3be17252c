namespace XenActors.Abi;

/// <summary>A split device's state node, written as a decimal number; a missing or unreadable node reads as Unknown.
/// Source: <c>public/io/xenbus.h</c>.</summary>
[XenConstants("XenbusState")]
public enum XenbusState
{
    Unknown = 0,
    Initialising = 1,
    InitWait = 2,
    Initialised = 3,
    Connected = 4,
    Closing = 5,
    Closed = 6,
    Reconfiguring = 7,
    Reconfigured = 8,
}
