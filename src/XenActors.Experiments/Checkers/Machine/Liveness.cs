using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>
/// After the last fault has healed (or from the beginning, where there is none) everything that must finish finishes within a while of virtual time. What does
/// not is told in words (<see cref="Pending"/>).
/// </summary>
public sealed class Liveness() : Checker("liveness")
{
    /// <summary>More than the longest patience of all parties: a frontend's bus waits 300 s for essential devices.</summary>
    public static readonly VirtualDuration WithinDefault = VirtualDuration.FromSeconds(330);

    private readonly SortedDictionary<string, VirtualTime> _since = new(StringComparer.Ordinal);
    private readonly List<string> _ended = [];
    private VirtualTime _next;
    private long _events = -1;

    /// <summary>How long one thing may take.</summary>
    public VirtualDuration Within { get; init; } = WithinDefault;

    /// <summary>What waits is looked at so often.</summary>
    public VirtualDuration Every { get; init; } = VirtualDuration.FromSeconds(1);

    public override IReadOnlyList<string> AllBranches { get; } =
    [
        "while a fault is on", "ended idle", "ended at work", "nothing pending", "something pending", "excused",
    ];

    public override void Attach(CheckedRun run)
    {
    }

    public override void AtSlice(CheckedRun run)
    {
        if (run.Simulator.Now < _next)
        {
            return;
        }

        _next = run.Simulator.Now + Every;
        if (run.FaultsOn)
        {
            // A fault may hold up anything.
            Reach("while a fault is on");
            _since.Clear();
            return;
        }

        // Where nothing has happened nothing new waits.
        if (run.Simulator.EventsHandled != _events || _since.Count > 0)
        {
            _events = run.Simulator.EventsHandled;
            Look(run);
        }
    }

    /// <summary>A machine in which nothing will happen any more waits for ever.</summary>
    public override void AtEnd(CheckedRun run)
    {
        if (run.FaultsOn)
        {
            return;
        }

        var idle = run.Simulator.Idle;
        Reach(idle ? "ended idle" : "ended at work");
        Look(run);
        foreach (var thing in Pending.Of(run.Machine))
        {
            if (idle && !run.Excuse(thing.Who))
            {
                Fail(run.Simulator.Now, $"nothing will happen any more, and {thing}");
            }
        }
    }

    private void Look(CheckedRun run)
    {
        Seen++;
        var now = run.Simulator.Now;
        var pending = Pending.Of(run.Machine);
        Reach(pending.Count == 0 ? "nothing pending" : "something pending");
        _ended.Clear();
        foreach (var who in _since.Keys)
        {
            if (!pending.Any(p => p.Who == who))
            {
                _ended.Add(who);
            }
        }

        _ended.ForEach(who => _since.Remove(who));
        foreach (var thing in pending)
        {
            if (run.Excuse(thing.Who))
            {
                Reach("excused");
                continue;
            }

            if (!_since.TryGetValue(thing.Who, out var since))
            {
                _since.Add(thing.Who, now);
            }
            else if (now - since > Within)
            {
                Fail(now, $"for {(now - since).Nanoseconds / 1_000_000_000} s: {thing}");
                _since[thing.Who] = now;
            }
        }
    }
}
