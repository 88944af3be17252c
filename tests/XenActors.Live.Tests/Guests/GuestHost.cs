using System.Runtime.InteropServices;
using XenActors.Abi;
using XenActors.Live.Xenstore;
using XenActors.Tests.Live.Debian;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Guests;

/// <summary>A daemon that serves guests' rings from a directory: ours, or Debian's.</summary>
internal sealed class GuestHost : IDisposable
{
    private readonly RunningServer? ours;
    private readonly RealXenstored? real;
    private readonly string directory;
    private readonly FileStream events;
    private readonly WireClient sync;

    private GuestHost(RunningServer? ours, RealXenstored? real, string directory)
    {
        (this.ours, this.real, this.directory) = (ours, real, directory);
        // The real daemon listens before it makes this.
        for (var tries = 0; tries < 2000 && !System.IO.File.Exists(Path.Combine(directory, "evtchn")); tries++) Thread.Sleep(5);
        events = new FileStream(Path.Combine(directory, "evtchn"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        sync = Connect();
        Tool = Connect();
    }

    public static GuestHost Ours(AccessLog? log = null)
    {
        var directory = Directory.CreateTempSubdirectory("xsg").FullName;
        return new(new RunningServer(XenstoreServerOptions.Default with { GuestRings = directory, Log = log }), null, directory);
    }

    public static GuestHost Real(params string[] options)
    {
        // On a busy machine the daemon would lose patience with a guest that takes no events.
        var real = new RealXenstored(["--timeout", "watch-event=0", .. options]);
        return new(null, real, real.RunDirectory);
    }

    /// <summary>A tool of dom0.</summary>
    public WireClient Tool { get; }

    /// <summary>Our own server, where the test is not for both.</summary>
    public RunningServer Server => ours!;

    public WireClient Connect() => ours?.Connect() ?? real!.Connect();

    public string File(uint domid, string what) => Path.Combine(directory, $"dom{domid}.{what}");

    /// <summary>Says something to the daemon's event channels.</summary>
    public void Tell(uint port) => Tell(BitConverter.GetBytes(port));

    public void Tell(byte[] bytes) => events.Write(bytes);

    /// <summary>
    /// Returns when the daemon has done what it was told before. A turn of the real one takes one event and, in an order of its own, one message
    /// of each client; an answer to this client takes a turn.
    /// </summary>
    public void Sync()
    {
        for (var turn = 0; turn < 32; turn++) sync.Ask(XsWireType.GetDomainPath, "0|");
    }

    /// <summary>How Xen says that a domain is, and that it has changed.</summary>
    public void SetState(uint domid, string state)
    {
        System.IO.File.WriteAllText(File(domid, "state"), state);
        Tell(3);
        Sync();
    }

    /// <summary>A guest with a ring, introduced, and the owner of its home in the store.</summary>
    public RingGuest Guest(ushort domid)
    {
        var guest = new RingGuest(this, domid);
        Assert.Equal("OK|", Tool.Ask(XsWireType.Introduce, $"{domid}|1|1|"));
        Assert.Equal("OK|", Tool.Ask(XsWireType.Write, $"/local/domain/{domid}|"));
        Assert.Equal("OK|", Tool.Ask(XsWireType.SetPerms, $"/local/domain/{domid}|n{domid}|"));
        return guest;
    }

    /// <summary>A pipe that may be read without anybody at its other end.</summary>
    public static FileStream OpenFifo(string path)
    {
        Assert.Equal(0, Mkfifo(path, 0x180));
        return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int Mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    public void Dispose()
    {
        Tool.Dispose();
        sync.Dispose();
        events.Dispose();
        real?.Dispose();
        if (ours is null) return;
        ours.Dispose();
        Directory.Delete(directory, true);
    }
}
