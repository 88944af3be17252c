using XenActors.Live.Xenstore;

namespace XenActors.Tests.Live.Xenstore;

/// <summary>A server on a thread of its own, at a socket in a directory of its own.</summary>
internal class RunningServer : IDisposable
{
    private readonly Thread thread;
    private Exception? failure;

    public RunningServer(XenstoreServerOptions? options = null, IStoreService? store = null)
    {
        Socket = Path.Combine(Directory.FullName, "socket");
        var server = store is null ? new XenstoreServer(Socket, options) : new XenstoreServer(Socket, options, store);
        (Start, Stop, Count, Close) = (server.Run, server.Stop, server.CountAsync, server.Dispose);
        thread = new Thread(Run);
        thread.Start();
    }

    /// <summary>Another kind of server, at the socket that it is given.</summary>
    protected RunningServer(Func<string, (Action Run, Action Stop, Func<Task<XenstoreServerCounts>> Count, Action Close)> make)
    {
        Socket = Path.Combine(Directory.FullName, "socket");
        (Start, Stop, Count, Close) = make(Socket);
        thread = new Thread(Run);
        thread.Start();
    }

    public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("xs");

    public string Socket { get; }

    public XenstoreServerCounts Counts => Count().WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();

    private Action Start { get; }

    private Action Stop { get; }

    private Func<Task<XenstoreServerCounts>> Count { get; }

    private Action Close { get; }

    public WireClient Connect() => new(Socket);

    /// <summary>Ends the server; its directory stays until the end.</summary>
    public void End()
    {
        Stop();
        thread.Join();
        Close();
        Assert.False(File.Exists(Socket));
    }

    public virtual void Dispose()
    {
        End();
        Directory.Delete(true);
        Assert.Null(failure);
    }

    private void Run()
    {
        try
        {
            Start();
        }
        catch (Exception any)
        {
            failure = any; // told by the test, not by the process's end
        }
    }
}
