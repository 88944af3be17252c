namespace XenActors.Live.Xenstore.Bench;

/// <summary>Whose connection a request of a domain's boot goes over.</summary>
internal enum BootPeer
{
    /// <summary>The toolstack, xenconsoled and the hotplug scripts.</summary>
    Tools,

    /// <summary>dom0's kernel with its backends. It stays connected from boot to boot.</summary>
    Backends,

    /// <summary>The guest. On a socket it has the tools' rights.</summary>
    Guest,
}
