using XenActors.Experiments.Boot;
using XenActors.Experiments.Recordings;
using XenActors.Live.Xenstore;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Live.Hosts;

/// <summary>What has been served.</summary>
/// <param name="DiskRequests">What NBD clients' requests became in the guests.</param>
public sealed record HostServerSummary(VirtualTime Time, long Requests, long Clients, long DiskRequests, Fingerprint Fingerprint);

/// <summary>A simulated host at the pace of the wall clock, its xenstore on a Unix socket, guests' disks over NBD, and a recording of all that enters.</summary>
public sealed class HostServer : IDisposable
{
    private readonly GuestDisks disks;
    private readonly SimulatedStore store;
    private readonly XenstoreServer server;
    private readonly LiveSession session;
    private readonly HostPace pace;
    private readonly HostServerOptions options;
    private readonly HostWatch watch;
    private readonly AccessLog? log;

    /// <param name="boot">The host and its guests; it stays the caller's.</param>
    /// <param name="tell">Takes lines about what happens, on the thread of <see cref="Run"/>.</param>
    /// <exception cref="Experiments.UserErrorException">The socket or the recording cannot be.</exception>
    public HostServer(BootSession boot, HostServerOptions options, Action<string> tell)
    {
        this.options = options;
        pace = new HostPace(options.Clock, options.Speed);
        disks = new GuestDisks(boot, options.Exports, options.Nbd, options.Clock, tell);
        store = new SimulatedStore(pace, options.Clock, disks);
        log = options.Server.Log;
        RecordingWriter? recording = null;
        try
        {
            // What its socket's clients say stands in the simulated daemon's log, with what all others say.
            server = new XenstoreServer(options.Socket, options.Server with { Log = null }, store);
            recording = options.Recording is null ? null : RecordingWriter.Create(options.Recording);
            session = new LiveSession(boot, store, disks.Disks, disks, recording, options.Clock.GetUtcNow(), options.Arguments);
        }
        catch
        {
            recording?.Dispose();
            server?.Dispose();
            disks.Dispose();
            throw;
        }

        store.Serve(session);
        disks.Serve(session);
        if (log is not null) session.Machine.Store.Onlooker = new HostTrace(log);
        watch = new HostWatch(session, pace, options.Clock, tell, log);
        store.Watch = watch;
    }

    public XenMachine Machine => session.Machine;

    /// <summary>Why the recording is not whole; null when it is.</summary>
    public IOException? RecordingFailure => session.RecordingFailure;

    /// <summary>Between runs, or when all is over.</summary>
    public HostServerSummary Summary => new(session.Now, session.Requests, store.Clients + disks.Clients, session.DiskRequests, session.Machine.Simulator.Fingerprint);

    /// <summary>Serves until <see cref="Stop"/>; then the recording is whole.</summary>
    /// <exception cref="SimulationException">An actor failed. The recording leads there.</exception>
    public void Run()
    {
        if (!options.WaitForClient) pace.Start();
        try
        {
            server.Run();
        }
        finally
        {
            store.End();
            session.End();
            watch.End();
        }
    }

    /// <summary>Ends <see cref="Run"/>; for any thread.</summary>
    public void Stop() => server.Stop();

    /// <summary>What the server holds once no client waits for an answer; for any thread while it runs.</summary>
    public Task<XenstoreServerCounts> CountAsync() => server.CountAsync();

    /// <summary>Closes every connection, removes the socket and closes the recording; after <see cref="Run"/> has returned.</summary>
    public void Dispose()
    {
        store.End();
        disks.Dispose();
        server.Dispose();
        session.Dispose();
        log?.Dispose();
    }
}
