using XenActors.Simulation;

namespace XenActors.Experiments;

/// <summary>A long stretch of virtual time that the user may end.</summary>
public static class InterruptedRun
{
    private const int Pieces = 512;

    /// <summary>Runs for a time, in pieces: a history does not depend on where it pauses.</summary>
    /// <exception cref="OperationCanceledException">Between two pieces.</exception>
    public static void RunFor(this Simulator simulator, VirtualDuration time, CancellationToken cancel)
    {
        var end = time >= VirtualTime.Never - simulator.Now ? VirtualTime.Never : simulator.Now + time;
        var piece = new VirtualDuration(Math.Max(1, time.Nanoseconds / Pieces));
        while (end - simulator.Now > piece && simulator.NextEventTime < end)
        {
            cancel.ThrowIfCancellationRequested();
            simulator.RunUntil(simulator.Now + piece);
        }

        cancel.ThrowIfCancellationRequested();
        simulator.RunUntil(end);
    }
}
