using XenActors.Live.Nbd;

namespace XenActors.Tests.Live.Nbd;

/// <summary>An NBD server on a thread of its own, with a disk in memory.</summary>
internal sealed class RunningNbd : IDisposable
{
    private readonly Thread thread;
    private readonly NbdServer server;
    private Exception? failure;

    public RunningNbd(int size = 1 << 20, NbdServerOptions? options = null, NbdExport? export = null, bool tcp = false, bool offer = true)
    {
        Disk = new MemoryDisk(size);
        server = new NbdServer(Disk, options);
        Listener = server.Listen(tcp ? NbdAddress.OfPort(0) : NbdAddress.OfPath(Path.Combine(Directory.FullName, "socket")));
        Exports = [(export ?? new NbdExport { Name = "guest/xvda", Size = 0, Description = "a disk", Trims = true }) with { Size = (ulong)size }];
        if (offer) server.Offer(Listener, Exports);
        thread = new Thread(Run);
        thread.Start();
    }

    public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("nbd");

    public MemoryDisk Disk { get; }

    public NbdListener Listener { get; }

    public IReadOnlyList<NbdExport> Exports { get; }

    public NbdAddress Address => Listener.Address;

    public int Open => server.Open;

    public NbdClientSocket Connect() => new(Address);

    /// <summary>A client in the transmission phase.</summary>
    public NbdClientSocket Attach(bool structured = true)
    {
        var client = Connect();
        client.Go(structured);
        return client;
    }

    /// <summary>From now on the disk is to be had.</summary>
    public void OfferNow() => OnServer(() => server.Offer(Listener, Exports));

    /// <summary>The disk has another size from now on; on the server's thread.</summary>
    public void OfferSize(ulong size) => server.Offer(Listener, [.. Exports.Select(e => e with { Size = size })]);

    /// <summary>Has something done on the server's thread.</summary>
    public void OnServer(Action action)
    {
        Disk.Next = action;
        server.Wake();
    }

    /// <summary>Waits until so many clients are connected.</summary>
    public void Await(int open)
    {
        for (var tries = 0; Open != open; tries++)
        {
            Assert.True(tries < 2000, $"{Open} clients, not {open}");
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        server.Stop();
        thread.Join();
        server.Dispose();
        Assert.False(File.Exists(Address.Path));
        Directory.Delete(true);
        Assert.Null(failure);
    }

    private void Run()
    {
        try
        {
            server.Run();
        }
        catch (Exception any)
        {
            failure = any; // told by the test, not by the process's end
        }
    }
}
