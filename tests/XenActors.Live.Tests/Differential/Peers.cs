using XenActors.Abi;
using XenActors.Tests.Live.Debian;

namespace XenActors.Tests.Live.Differential;

/// <summary>The daemons of a test: used for many sequences, started anew when one has stopped answering.</summary>
internal sealed class Peers : IDisposable
{
    // So much faster the daemon's clock: its limit on a guest's writes is out of reach, and its events must not run out of time then.
    private const int ClockRate = 1000;

    private RealXenstored? real;
    private List<Daemon> daemons = [];

    public Tally Tally { get; } = new();

    /// <summary>Plays a sequence on all; what differed after which steps, or null.</summary>
    public Difference? Play(Step[] steps)
    {
        if (real is null) Start();
        var run = new SequenceRun(daemons, Tally);
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
            foreach (var daemon in daemons) daemon.CleanUp(quotas);
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
        daemons = [new Daemon("C xenstored", real.RunDirectory, real.Socket)];
    }

    private void Stop()
    {
        foreach (var daemon in daemons) daemon.Dispose();
        daemons = [];
        real?.Dispose();
        real = null;
    }
}
