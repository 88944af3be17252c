namespace XenActors.SplitDrivers.Net.Back;

/// <summary>What a net frontend publishes of itself.</summary>
[Flags]
public enum NetbackFeatures
{
    None = 0,

    /// <summary><c>feature-rx-notify</c>: it tells when it has posted buffers, so it can be seen to have stalled.</summary>
    RxNotify = 1,

    /// <summary><c>feature-sg</c>: a frame may come in several pages.</summary>
    Sg = 2,

    /// <summary><c>feature-gso-tcpv4</c>.</summary>
    GsoTcpv4 = 4,

    /// <summary><c>feature-gso-tcpv6</c>.</summary>
    GsoTcpv6 = 8,
}
