using XenActors.Xenstore.Ring;

namespace XenActors.Live.Xenstore.Guests;

/// <summary>One introduced domain: its page, and the daemon's end of its ring.</summary>
internal sealed class GuestRing(ushort domid, RingFile page)
{
    public ushort Domid { get; } = domid;

    public RingFile Page { get; } = page;

    public XenstoreRingServer Ring { get; } = new() { Privileged = domid == 0 };

    /// <summary>The core's number of its connection; sockets have positive ones.</summary>
    public int Connection => -1 - Domid;

    /// <summary>While there is an access log.</summary>
    public LoggedOutput? Logged { get; set; }

    /// <summary>It waits in the list of those to look at.</summary>
    public bool Due { get; set; }
}
