using System.Text;
using XenActors.Live.Native;
using XenActors.Xenstore;

namespace XenActors.Live.Xenstore.Guests;

/// <summary>
/// The directory that stands for the hypervisor: rings, event channels and states of domains are files in it, so that a program of any
/// language can be a guest.
/// </summary>
internal sealed unsafe class GuestDirectory(string path) : IDomainLives
{
    /// <summary>Without a file that says how it is, a domain up to this number runs, and a later one does not exist.</summary>
    public const uint UnnamedMax = 1023;

    private const int StateMax = 15;

    /// <summary>The FIFO in which events for the daemon arrive.</summary>
    public int OpenEvents() => Fifo.OpenToRead(Path.Combine(path, "evtchn"));

    /// <summary>A domain's ring page; made if it is not there. Null with an errno when it cannot be had.</summary>
    public RingFile? OpenRing(uint domid, out int error)
    {
        var page = SharedPage.Open(Name(domid, "ring"), out error);
        return page is null ? null : new RingFile(page);
    }

    /// <summary>An event for a guest.</summary>
    public void Kick(uint domid) => Fifo.Tell(Name(domid, "kick"), (byte)'k');

    public DomainLife LifeOf(uint domid)
    {
        var text = stackalloc byte[StateMax];
        int fd;
        fixed (byte* name = Name(domid, "state")) fd = Libc.open(name, Libc.OpenReadNow | Libc.OpenNoTerminal);
        if (fd < 0) return domid <= UnnamedMax ? DomainLife.Running : DomainLife.Gone;
        var length = Libc.read(fd, text, StateMax);
        Libc.close(fd);
        var state = new ReadOnlySpan<byte>(text, (int)Math.Max(length, 0));
        if (state.StartsWith("shutdown"u8)) return DomainLife.Shutdown;
        if (state.StartsWith("dying"u8)) return DomainLife.Dying;
        return state.StartsWith("gone"u8) ? DomainLife.Gone : DomainLife.Running;
    }

    private byte[] Name(uint domid, string what) => Encoding.UTF8.GetBytes(Path.Combine(path, $"dom{domid}.{what}") + "\0");
}
