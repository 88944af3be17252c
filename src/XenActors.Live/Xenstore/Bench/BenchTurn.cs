using System.Diagnostics;
using XenActors.Live.Native;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>One daemon's turn under one load: from when its clients are ready until the first look at the clock after its time is over.</summary>
internal sealed class BenchTurn(BenchDaemon daemon, TimeSpan time, CancellationToken cancel)
{
    // A machine may be so busy that nothing gets done in a short turn: the first unit is waited for, but not for ever.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Stopwatch watch = new();
    private TimeSpan? cpuBefore;

    /// <summary>Where connections can be had.</summary>
    public UnixAddress Address => daemon.Address;

    /// <summary>How long it took, with the unit that was under way when the time was over.</summary>
    public TimeSpan Elapsed => watch.Elapsed;

    /// <summary>The daemon's processor time meanwhile.</summary>
    public TimeSpan? Cpu { get; private set; }

    /// <summary>Ends the preparations.</summary>
    public void Begin()
    {
        cpuBefore = daemon.Cpu;
        watch.Start();
    }

    /// <summary>Whether the time is over. Whoever sees it does no more.</summary>
    /// <param name="done">How many units have been done.</param>
    public bool IsOver(long done)
    {
        cancel.ThrowIfCancellationRequested();
        if (watch.Elapsed < (done > 0 ? time : time + Grace)) return false;
        watch.Stop();
        Cpu ??= daemon.Cpu - cpuBefore;
        return true;
    }
}
