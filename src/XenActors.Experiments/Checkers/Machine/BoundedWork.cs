using XenActors.Hypervisor.EventChannels;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block;
using XenActors.SplitDrivers.Block.Back;
using XenActors.Xenbus;
using XenActors.Xenstore;
using XenActors.Xenstore.Ring;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>
/// G6: what a guest, or a backend, can cause is bounded. Events that bring no work are slowed down where the driver says itself when an event is over; the work
/// of a slice stands in proportion to what triggered it; queues that a peer can fill end somewhere.
/// </summary>
public sealed class BoundedWork() : Checker("g6-bounded-work"), IObserve<EventFired>, IObserve<LateEoi>, IObserve<XsRingRequests>, IObserve<RingRequestTaken>
{
    /// <summary>
    /// Spurious events of one port in a slice, none with work between them. Linux lets one pass, and delays from the second on by 4 ms, 8 ms and so on up to a second; so no slice has
    /// more than a few.
    /// </summary>
    public const int SpuriousMax = 16;

    /// <summary>Messages that a slice may handle with nothing to trigger them, and for each trigger: a boot's busiest moments take a fifth.</summary>
    public const long MessagesBase = 50_000;

    public const long MessagesPerTrigger = 500;

    /// <summary>Entries of lists that a guest's nodes fill: xenstored lets it have 1000.</summary>
    public const int NodesMax = 1000;

    private readonly SortedDictionary<(int Process, int Local, uint Port), int> _spurious = [];
    private CheckedRun? _run;
    private long _events;
    private long _triggers;

    /// <summary>The kernel and its two libata ports ask the device model each for itself, whatever vCPU they would run on.</summary>
    private const int DriversThatWait = 3;

    public override IReadOnlyList<string> AllBranches { get; } = ["event with work", "spurious event"];

    public override void Attach(CheckedRun run)
    {
        _run = run;

        // A slice's work is that of all hosts, and so are its triggers.
        run.Simulator.Observe<EventFired>(this);
        run.Observe<LateEoi>(this);
        run.Simulator.Observe<XsRingRequests>(this);
        run.Simulator.Observe<RingRequestTaken>(this);
    }

    public void On(in Observed at, in EventFired what)
    {
        Seen++;
        _triggers++;
    }

    public void On(in Observed at, in LateEoi what)
    {
        var key = (at.Sender.Process, at.Sender.Local, what.Port);
        if (!what.Spurious)
        {
            // As xen_irq_lateeoi_locked: work in between begins the count anew.
            Reach("event with work");
            _spurious.Remove(key);
            return;
        }

        Reach("spurious event");
        var count = _spurious.GetValueOrDefault(key) + 1;
        _spurious[key] = count;
        if (count == SpuriousMax + 1)
        {
            Fail(at.Time, $"{_run!.Simulator.PathOf(at.Sender)} was called {count} times within one slice through port {what.Port} for nothing: spurious events are not slowed down");
        }
    }

    public void On(in Observed at, in XsRingRequests what) => _triggers++;

    public void On(in Observed at, in RingRequestTaken what) => _triggers++;

    public override void AtSlice(CheckedRun run)
    {
        var work = run.Simulator.EventsHandled - _events;
        if (work > MessagesBase + (_triggers * MessagesPerTrigger))
        {
            Fail(run.Simulator.Now, $"{work} messages were handled in one slice, for {_triggers} events and requests");
        }

        (_events, _triggers) = (run.Simulator.EventsHandled, 0);
        _spurious.Clear();
        if (work > 0)
        {
            Queues(run);
        }
    }

    private void Queues(CheckedRun run)
    {
        if (run.Simulator.StateOf<XenstoredState>(run.Machine.Xenstored) is { } store)
        {
            Limit(run, "xenstored", "copies of one watch event that wait for one guest", store.MostOftenWaiting(), 1);
        }

        if (run.Simulator.StateOf<BackendXenbusState>(run.Machine.Places.Xenbus(0)) is not { } bus)
        {
            return;
        }

        Limit(run, "dom0's xenbus", "nodes to look at", bus.Candidates.Count + bus.Asked.Count, NodesMax);
        foreach (var device in bus.Devices)
        {
            if (run.Simulator.StateOf<BlkbackState>(device.Driver) is not { } back)
            {
                continue;
            }

            foreach (var ring in back.Rings)
            {
                Limit(run, device.Node, "requests in flight", ring.Ring is null ? 0 : ring.InFlight, ring.Ring?.Entries ?? 0);
                Limit(run, device.Node, "persistent grants", ring.Persistent.Count, PersistentGrants.Max);
            }
        }

        foreach (var domain in run.Machine.Places.Processes.Keys)
        {
            if (domain != 0 && GuestLives.StateOf(run.Machine, domain) is { Spec: { } spec } state)
            {
                Limit(run, $"dom{domain}", "accesses that wait for the device model", state.WaitingVcpus.Count, spec.Vcpus + DriversThatWait);
            }
        }
    }

    private void Limit(CheckedRun run, string who, string what, int count, int most)
    {
        if (count > most)
        {
            Fail(run.Simulator.Now, $"{who} has {count} {what}, of {most} at most");
        }
    }
}
