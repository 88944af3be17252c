using System.Globalization;
using XenActors.Experiments.Recordings;
using XenActors.Live.Xenstore;
using XenActors.Simulation;

namespace XenActors.Live.Hosts;

/// <summary>What is done now and then while a host is served: its recording is flushed, and the user is told what happens.</summary>
internal sealed class HostWatch(LiveSession session, HostPace pace, TimeProvider clock, Action<string> tell, AccessLog? log)
{
    /// <summary>At most so long something new may wait.</summary>
    public const int EveryMs = 50;

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    // Behind the wall clock by more than this is worth a word.
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(1);

    private readonly GuestProgress guests = new(session.Machine);
    private long looked = clock.GetTimestamp();
    private long marked = clock.GetTimestamp();
    private long events;
    private long inputs;
    private bool behind;
    private bool failureTold;

    /// <summary>Whether there is something new since the last look.</summary>
    public bool Waits => session.RecordingWaits || session.Machine.Simulator.EventsHandled != events;

    /// <param name="late">Whether virtual time is behind the wall clock.</param>
    public void Look(bool late)
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(looked, now).TotalMilliseconds < EveryMs || (!Waits && !behind)) return;
        looked = now;
        events = session.Machine.Simulator.EventsHandled;
        if (session.Inputs != inputs && clock.GetElapsedTime(marked, now) > CheckEvery)
        {
            (marked, inputs) = (now, session.Inputs);
            session.Check();
        }

        session.FlushSoon();
        log?.Flush();
        TellFailure();
        TellLag(late);
        foreach (var line in guests.News()) tell(line);
    }

    /// <summary>The last look.</summary>
    public void End()
    {
        foreach (var line in guests.News()) tell(line);
        TellFailure();
    }

    private void TellFailure()
    {
        if (failureTold || session.RecordingFailure is not { } failure) return;
        failureTold = true;
        tell($"{session.RecordingPath}: {failure.Message}: the session goes on, and can be replayed up to here only");
    }

    private void TellLag(bool late)
    {
        if (pace.Free) return;
        var lag = pace.Now - session.Now;
        if (!behind && late && lag > pace.ToVirtual(Behind))
        {
            behind = true;
            tell(string.Create(CultureInfo.InvariantCulture, $"{At(session.Now)}: this machine is too slow for the pace: virtual time is {lag.Nanoseconds / 1e9:0.0} s late and does not skip"));
        }
        else if (behind && !late)
        {
            behind = false;
            tell($"{At(session.Now)}: virtual time has caught up");
        }
    }

    internal static string At(VirtualTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Nanoseconds / 1e9:0.000} s");
}
