using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>
/// G7: without faults everything drains. A machine in which next to nothing has happened for a second has no event that is pending and not masked (a lost
/// upcall), no transaction that is open, and nothing that waits.
/// </summary>
public sealed class Quiescence() : Checker("g7-quiescence")
{
    /// <summary>So long with so few messages from one look to the next, and a machine is at rest.</summary>
    private static readonly VirtualDuration Quiet = VirtualDuration.FromSeconds(1);

    private const long QuietMessages = 2;

    private long _events;
    private VirtualTime _since;
    private bool _told;

    public override IReadOnlyList<string> AllBranches { get; } = ["at rest", "faults", "at work at the end", "at rest at the end"];

    public override void Attach(CheckedRun run)
    {
    }

    public override void AtSlice(CheckedRun run)
    {
        var work = run.Simulator.EventsHandled - _events;
        _events = run.Simulator.EventsHandled;
        if (work > QuietMessages)
        {
            (_since, _told) = (run.Simulator.Now, false);
        }

        // Once when it comes to rest: what is stuck then is stuck at the end, too.
        if (!_told && run.Simulator.Now - _since >= Quiet && !run.AnyFault)
        {
            _told = true;
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

        if (run.Simulator.Now - _since < Quiet)
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
