namespace XenActors.Xenstore;

/// <summary>
/// A request that no reply answers. What becomes of the connection is the transport's matter: a socket is closed, a ring's error
/// field becomes 3 and its domain is ignored.
/// </summary>
public enum XenstoreViolation
{
    None,
    PayloadTooLong,
    UnknownConnection,
}
