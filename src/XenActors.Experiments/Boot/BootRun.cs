using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Boot;

/// <summary>How far a boot has come.</summary>
public readonly record struct BootProgress(VirtualTime Now, long Events, int GuestsDone, int Guests);

/// <summary>Runs a machine until its guests have booted, or will not.</summary>
public static class BootRun
{
    // Between looks at the guests; no part of the history depends on it.
    private static readonly VirtualDuration Slice = VirtualDuration.FromMilliseconds(500);

    // What the guests have started is let finish: backends that wait for a script, the last state writes.
    private static readonly VirtualDuration Settling = VirtualDuration.FromSeconds(5);

    /// <summary>Longer than every timeout of a kernel that waits for its root device.</summary>
    public static readonly VirtualDuration TimeMax = VirtualDuration.FromSeconds(1200);

    /// <summary>True when every guest's boot has ended, well or badly, or its creation failed.</summary>
    /// <param name="pass">Lets time pass; the simulator does when there is none.</param>
    public static bool ToTheEnd(XenMachine machine, Action<BootProgress>? progress, CancellationToken cancel, Action<VirtualDuration>? pass = null)
    {
        var simulator = machine.Simulator;
        simulator.MirrorsAfterRuns = true;
        pass ??= simulator.RunFor;
        while (!Finished(machine) && simulator.Now - VirtualTime.Zero < TimeMax)
        {
            cancel.ThrowIfCancellationRequested();
            pass(Slice);
            progress?.Invoke(new(simulator.Now, simulator.EventsHandled, machine.Guests.Count(d => machine.Domain(d).Outcome is not null), machine.Guests.Count));
        }

        pass(Settling);
        return Finished(machine);
    }

    private static bool Finished(XenMachine machine)
    {
        if (!machine.OperatorState.Done)
        {
            return false;
        }

        foreach (var domain in machine.Guests)
        {
            var state = machine.Domain(domain);
            if (state.PauseCount == 0 && state.Spec is not null && state.Outcome is null)
            {
                return false;
            }
        }

        return true;
    }
}
