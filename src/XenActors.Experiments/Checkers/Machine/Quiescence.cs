using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>
/// G7: without faults everything drains. A machine in which next to nothing has happened for a second has no event that is pending and not masked (a lost
/// upcall), no transaction that is open, and nothing that waits.
/// </summary>
public sealed class Quiescence() : Checker("g7-quiescence")
{
    /// <summary>Slices in a row with so few messages make a machine quiet.</summary>
    private const int QuietSlices = 100;

    private const long QuietMessages = 2;

    private long _events;
    private int _quiet;

    public override void Attach(CheckedRun run)
    {
    }

    public override void AtSlice(CheckedRun run)
    {
        var work = run.Simulator.EventsHandled - _events;
        _events = run.Simulator.EventsHandled;
        _quiet = work <= QuietMessages ? _quiet + 1 : 0;

        // Once when it comes to rest: what is stuck then is stuck at the end, too.
        if (_quiet == QuietSlices && !run.AnyFault)
        {
            Reach("at rest");
            LookAtPorts(run);
        }
    }

    public override void AtEnd(CheckedRun run)
    {
        if (run.AnyFault)
        {
            Reach("faults");
            return;
        }

        if (_quiet < QuietSlices)
        {
            Reach("at work at the end");
            return;
        }

        Reach("at rest at the end");
        LookAtPorts(run);
        if (run.Machine.Store.TransactionCount is > 0 and var open)
        {
            Fail(run.Simulator.Now, $"xenstored has {open} transactions open, and nobody does anything");
        }

        foreach (var thing in Pending.Of(run.Machine))
        {
            if (thing.Prompt)
            {
                Fail(run.Simulator.Now, $"the machine is at rest, and {thing}");
            }
        }
    }

    private void LookAtPorts(CheckedRun run)
    {
        foreach (var domain in run.Machine.Places.Processes.Keys)
        {
            if (!GuestLives.Runs(run.Machine, domain))
            {
                continue;
            }

            var channels = run.Machine.EventChannels(domain).Channels;
            foreach (var (port, state) in channels.Ports)
            {
                Seen++;
                if (channels.IsPending(port) && !channels.IsMasked(port) && channels.Delivery.Reaches(state.Vcpu) && state.State != EvtchnState.Unbound && !state.XenConsumer)
                {
                    Fail(run.Simulator.Now, $"dom{domain}: port {port} ({state.State}) is pending and not masked, and the machine is at rest: an upcall was lost");
                }
            }
        }
    }
}
