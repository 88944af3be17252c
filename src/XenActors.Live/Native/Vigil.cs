using System.Diagnostics;

namespace XenActors.Live.Native;

/// <summary>
/// A wait without sleep: whoever keeps it looks, lets others run, and looks again, until its time is over or others need the core; for then
/// sleeping is the shorter wait.
/// </summary>
internal struct Vigil
{
    // A yield that nobody takes lasts a tenth of this.
    private static readonly long TakenTicks = Stopwatch.Frequency / 50_000;

    private long last;
    private readonly long end;

    /// <param name="microseconds">How long at most; on one core not at all, since there it would keep the other side from running.</param>
    public Vigil(int microseconds)
    {
        last = Stopwatch.GetTimestamp();
        end = Environment.ProcessorCount > 1 ? last + microseconds * Stopwatch.Frequency / 1_000_000 : 0;
    }

    /// <summary>Whether to look once more.</summary>
    public bool GoesOn()
    {
        if (last >= end) return false;
        _ = Libc.sched_yield();
        var now = Stopwatch.GetTimestamp();
        var taken = now - last > TakenTicks;
        last = taken ? end : now;
        return true;
    }
}
