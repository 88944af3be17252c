using XenActors.Live.Xenstore;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>A server on a thread of its own, at a socket in a directory of its own.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("xs");
    private readonly XenstoreServer server;
    private readonly Thread thread;
    private Exception? failure;

    public RunningServer(XenstoreServerOptions? options = null, IStoreService? store = null)
    {
        Socket = Path.Combine(directory.FullName, "socket");
        server = store is null ? new XenstoreServer(Socket, options) : new XenstoreServer(Socket, options, store);
        thread = new Thread(Run);
        thread.Start();
    }

    public string Socket { get; }

    public XenstoreServerCounts Counts => server.CountAsync().WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();

    public WireClient Connect() => new(Socket);

    public void Dispose()
    {
        server.Stop();
        thread.Join();
        server.Dispose();
        Assert.False(File.Exists(Socket));
        directory.Delete(true);
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
