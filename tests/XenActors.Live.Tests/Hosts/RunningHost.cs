using XenActors.Experiments.Boot;
using XenActors.Experiments.Recordings;
using XenActors.Live.Hosts;
using XenActors.Live.Xenstore;
using XenActors.Simulation;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Hosts;

/// <summary>A simulated host that is served on a thread of its own, as fast as it can unless told otherwise, and recorded.</summary>
internal sealed class RunningHost : RunningServer
{
    private readonly BootSession session;
    private HostServer server = null!;
    private bool ended;

    private RunningHost(BootSession session, Parts parts)
        : base(parts.Make) => (this.session, server, Told) = (session, parts.Server!, parts.Told);

    /// <summary>What the user was told.</summary>
    public IReadOnlyList<string> Told { get; }

    public string Recording => Path.Combine(Directory.FullName, "recording");

    public HostServerSummary Summary => server.Summary;

    /// <summary>The session once it has ended.</summary>
    public HostServerSummary Ended()
    {
        if (!ended) End();
        ended = true;
        return server.Summary;
    }

    /// <summary>A host; without configuration files there is only dom0.</summary>
    public static RunningHost Start(BootOptions? boot = null, HostServerOptions? options = null)
    {
        var session = BootSession.Prepare((boot ?? new BootOptions { Configs = [] }) with { ProfileDirectory = Path.Combine(AppContext.BaseDirectory, "hocon") });
        var told = new List<string>();
        return new RunningHost(session, new Parts(session, options ?? new HostServerOptions { Socket = "", Speed = double.PositiveInfinity }, told));
    }

    public static BootOptions Guest(string kernel = "fedora16-3.1") =>
        new() { Configs = [Path.Combine(AppContext.BaseDirectory, "hocon", "xl", "f16pvhvm.cfg")], Kernel = kernel };

    /// <summary>Runs the recording again, and expects the session's fingerprint.</summary>
    public void Replays(EngineOptions? engine = null)
    {
        var summary = Ended();
        using var replay = SessionReplay.Open(Recording, engine);
        var outcome = replay.Run(VirtualTime.Never, null, CancellationToken.None);
        Assert.Null(outcome.Difference);
        Assert.Equal((RecordingEnd.Ended, summary.Fingerprint, summary.Requests), (outcome.End, outcome.Fingerprint, outcome.Requests));
        Assert.True(outcome.Same);
    }

    public override void Dispose()
    {
        if (!ended)
        {
            base.Dispose();
        }
        else
        {
            Directory.Delete(true);
        }

        session.Dispose();
    }

    private sealed class Parts(BootSession session, HostServerOptions options, List<string> told)
    {
        public HostServer? Server { get; private set; }

        public IReadOnlyList<string> Told => told;

        public (Action, Action, Func<Task<XenstoreServerCounts>>, Action) Make(string socket)
        {
            Server = new HostServer(session, options with { Socket = socket, Recording = Path.Combine(Path.GetDirectoryName(socket)!, "recording") }, told.Add);
            return (Server.Run, Server.Stop, Server.CountAsync, Server.Dispose);
        }
    }
}
