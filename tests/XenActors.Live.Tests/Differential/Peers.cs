using XenActors.Abi;
using XenActors.Live.Xenstore;
using XenActors.Tests.Live.Debian;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Differential;

/// <summary>The daemons of a test, the C one and our own: used for many sequences, started anew when one has stopped answering.</summary>
internal sealed class Peers : IDisposable
{
    // So much faster the daemon's clock: its limit on a guest's writes is out of reach, and its events must not run out of time then.
    private const int ClockRate = 1000;

    private RealXenstored? real;
    private RunningServer? ours;
    private DirectoryInfo? rings;
    private List<Daemon> daemons = [];

    public Tally Tally { get; } = new();

    /// <summary>Plays a sequence on the C daemon, and on our server if told so; what differed after which steps, or null.</summary>
    public Difference? Play(Step[] steps, bool withServer)
    {
        if (real is null) Start();
        var players = withServer ? daemons : daemons[..1];
        var run = new SequenceRun(players, Tally);
        string? difference;
        try
        {
            difference = run.Play(steps);
        }
        catch (DaemonException silent)
        {
            difference = silent.Message;
        }

        try
        {
            var quotas = steps.Any(step => step is Ask { Type: XsWireType.Control });
            foreach (var daemon in players) daemon.CleanUp(quotas);
        }
        catch (DaemonException silent)
        {
            difference ??= silent.Message;
            Stop();
        }

        return difference is null ? null : new(difference, run.Played);
    }

    public void Dispose() => Stop();

    private void Start()
    {
        real = new RealXenstored(ClockRate, "--timeout", "watch-event=0");
        rings = Directory.CreateTempSubdirectory("xs");
        ours = new RunningServer(XenstoreServerOptions.Default with { GuestRings = rings.FullName });
        daemons = [new Daemon("C xenstored", real.RunDirectory, real.Socket), new Daemon("our server", rings.FullName, ours.Socket)];
    }

    private void Stop()
    {
        foreach (var daemon in daemons) daemon.Dispose();
        daemons = [];
        real?.Dispose();
        real = null;
        ours?.Dispose();
        ours = null;
        rings?.Delete(true);
        rings = null;
    }
}
