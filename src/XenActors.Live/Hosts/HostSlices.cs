using XenActors.Experiments.Recordings;
using XenActors.Simulation;

namespace XenActors.Live.Hosts;

/// <summary>Runs a session for a while of the wall clock at most, in slices of virtual time whose length follows from how long the last one took.</summary>
internal sealed class HostSlices(TimeProvider clock)
{
    private const long LongestNs = 1_000_000_000;
    private const long ShortestNs = 10_000;
    private const int StepsPerLook = 256;

    private long slice = 1_000_000;

    /// <summary>True when the while was over before the limit was reached, or before nothing was left to do.</summary>
    public bool Run(LiveSession session, VirtualTime limit, TimeSpan most)
    {
        if (limit == VirtualTime.Never) return RunFree(session, most);
        var simulator = session.Machine.Simulator;
        if (session.Now >= limit) return false;
        var begun = clock.GetTimestamp();
        while (simulator.NextEventTime is var next && next < limit)
        {
            var started = clock.GetElapsedTime(begun);
            if (started > most) return true;
            session.RunUntil(limit - next < new VirtualDuration(slice) ? limit : next + new VirtualDuration(slice));
            var took = clock.GetElapsedTime(begun) - started;
            if (took < most / 8) slice = Math.Min(2 * slice, LongestNs);
            else if (took > most / 2) slice = Math.Max(slice / 2, ShortestNs);
        }

        session.RunUntil(limit);
        return false;
    }

    // Without a clock virtual time is what the events make it: a slice must not reach beyond the last of them.
    private bool RunFree(LiveSession session, TimeSpan most)
    {
        var simulator = session.Machine.Simulator;
        var begun = clock.GetTimestamp();
        for (var steps = 1; simulator.NextEventTime is var next && next < VirtualTime.Never; steps++)
        {
            session.RunUntil(next + simulator.Lookahead);
            if (steps % StepsPerLook == 0 && clock.GetElapsedTime(begun) > most) return true;
        }

        return false;
    }
}
