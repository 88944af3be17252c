using XenActors.Experiments.Checkers;
using XenActors.Experiments.Faults;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>How far a run has come.</summary>
public readonly record struct ScenarioProgress(VirtualTime Now, long Events, int Workloads, int WorkloadsDone, int Violations);

/// <summary>
/// Runs a scenario: creates its guests, starts its workloads when their guests have booted, types its commands, installs and heals its faults, and lets
/// its checkers look. All that it does to the simulation happens between windows, at moments that follow from the scenario and the seed alone.
/// </summary>
public sealed partial class ScenarioRun
{
    /// <summary>Between looks at states. The moments at which workloads begin are multiples of it, so it is part of every history.</summary>
    private static readonly VirtualDuration Slice = VirtualDuration.FromMilliseconds(10);

    private readonly ScenarioMachine _machine;
    private readonly Simulator _simulator;
    private readonly ulong _seed;
    private readonly EngineOptions _engine;
    private readonly string _profiles;
    private readonly List<CheckedSite> _sites;
    private readonly List<Workload> _workloads;
    private readonly List<Happening> _happenings = [];
    private readonly List<ScheduledFault> _faults = [];
    private readonly Moments _moments;
    private readonly Stall _stall;
    private readonly List<Violation> _own = [];
    private string _endedBy = "";

    /// <exception cref="UserErrorException">The scenario names a domain, a device or a fault that there is not.</exception>
    private ScenarioRun(ScenarioMachine machine, ulong seed, EngineOptions engine, string profiles)
    {
        _machine = machine;
        _simulator = machine.Simulator;
        _simulator.MirrorsAfterRuns = true;
        _seed = seed;
        _engine = engine;
        _profiles = profiles;
        List<XenMachine> room = [.. machine.Sites.Select(s => s.Machine)];
        _sites = [.. machine.Sites.Select(s => new CheckedSite(
            s, new(s.Machine, room), new(s.Machine, [.. s.Domains.Select(d => d.Name)], s.Configs, machine.Volumes), CheckersOf(machine.Scenario)))];
        _moments = new(machine, seed);
        _stall = new(machine.Scenario.End.Within);
        _workloads = [.. machine.Scenario.Workloads.Select(Workload.Of)];
    }

    /// <summary>Ends at the first violation instead of going on.</summary>
    public bool StopAtFirst { get; init; }

    /// <summary>Ends at the first look after more messages than this: for one who has no use for a longer run.</summary>
    public long EventsMax { get; init; } = long.MaxValue;

    /// <summary>Hears of what is done to the run, and of what was found: when, what kind of thing, in words.</summary>
    public Action<VirtualTime, string, string>? Mark { get; set; }

    public ScenarioMachine Machine => _machine;

    /// <exception cref="UserErrorException">The scenario names a domain, a device, a fault or a checker that there is not.</exception>
    public static ScenarioRun Prepare(Scenario scenario, ulong seed, EngineOptions engine, string profiles, bool stopAtFirst = false, long eventsMax = long.MaxValue)
    {
        var run = new ScenarioRun(ScenarioMachine.Build(scenario, seed, engine, profiles), seed, engine, profiles) { StopAtFirst = stopAtFirst, EventsMax = eventsMax };
        run._simulator.BurstMax = scenario.End.Messages;
        run.CheckDomains();
        run.Schedule();
        run.EachChecker(static (checker, site) => checker.Attach(site));

        return run;
    }

    public ScenarioOutcome ToTheEnd(Action<ScenarioProgress>? progress, CancellationToken cancel)
    {
        try
        {
            Loop(progress, cancel);
            EachChecker(static (checker, site) => checker.AtEnd(site));
        }
        catch (SimulationException crash) when (crash.OnAllNodes || !_simulator.HasOtherNodes)
        {
            // The model's own failure is a finding, too; what only this node has met is none.
            _endedBy = "the model failed";
            _own.Add(new("model", _simulator.Now, crash.Message));
            return Outcome();
        }

        return _machine.Scenario.Verify ? Verified(Outcome(), progress, cancel) : Outcome();
    }

    private void Loop(Action<ScenarioProgress>? progress, CancellationToken cancel)
    {
        var limit = VirtualTime.Zero + _machine.Scenario.End.At;
        var slice = VirtualTime.Zero;
        VirtualTime? doneAt = null;
        Happen();
        while (_endedBy.Length == 0)
        {
            cancel.ThrowIfCancellationRequested();
            slice = Following(slice, limit);
            RunTo(slice);
            if (_simulator.EventsHandled > _machine.Scenario.End.Messages)
            {
                throw new SimulationException($"no end of messages: more than {_machine.Scenario.End.Messages} until {_simulator.Now}") { OnAllNodes = true };
            }

            StartWorkloads();
            ReadAnswers();
            EachChecker(static (checker, site) => checker.AtSlice(site));
            progress?.Invoke(new(_simulator.Now, _simulator.EventsHandled, _workloads.Count, _workloads.Count(w => w.Finished), ViolationCount));
            var done = AllDone();
            doneAt = done ? doneAt ?? _simulator.Now : null;
            if (StopAtFirst && ViolationCount > 0)
            {
                _endedBy = "a checker failed";
            }
            else if (_simulator.EventsHandled > EventsMax)
            {
                _endedBy = "it has handled more messages than it may";
            }
            else if (doneAt is { } since && _simulator.Now - since >= _machine.Scenario.End.Settle)
            {
                _endedBy = "everything was done";
            }
            else if (!done && FaultsAreOver && !IsPlanned && _stall.Since(_simulator.Now, Progress()))
            {
                _endedBy = "nothing went on";
                Stalled();
            }
            else if (_simulator.Now >= limit)
            {
                _endedBy = "its time was over";
                if (!done && FaultsAreOver && _sites[0].Run.AllHealedAt is { } healed && limit - healed >= _machine.Scenario.End.Within)
                {
                    Stalled();
                }
            }
        }
    }

    // The next multiple of a slice at or after which something happens.
    private VirtualTime Following(VirtualTime slice, VirtualTime limit)
    {
        var next = slice + Slice;
        var pending = DueBefore(_simulator.NextEventTime);

        // A stall is noticed in idle time, too.
        var patience = _simulator.Now + VirtualDuration.FromSeconds(1);
        pending = pending < patience ? pending : patience;
        if (pending > next)
        {
            next = VirtualTime.Zero + new VirtualDuration((pending.Nanoseconds + Slice.Nanoseconds - 1) / Slice.Nanoseconds * Slice.Nanoseconds);
        }

        return next < limit ? next : limit;
    }

    // To a moment, with all that is due before it.
    private void RunTo(VirtualTime slice)
    {
        while (_simulator.Now < slice)
        {
            var next = DueBefore(slice);
            if (next > _simulator.Now)
            {
                _simulator.RunUntil(next);
            }

            Happen();
        }
    }

    // When the next thing is due; the bound when nothing is before it.
    private VirtualTime DueBefore(VirtualTime bound)
    {
        foreach (var happening in _happenings)
        {
            if (!happening.Over && happening.Due < bound)
            {
                bound = happening.Due;
            }
        }

        return bound;
    }

    private void Happen()
    {
        // What happens may plan more: a fault's healing.
        for (var i = 0; i < _happenings.Count; i++)
        {
            if (_happenings[i].IsDue(_simulator.Now))
            {
                _happenings[i].Act();
            }
        }

        _happenings.RemoveAll(h => h.Over);
    }

    private void StartWorkloads()
    {
        foreach (var workload in _workloads)
        {
            if (workload.Started || !Booted(workload.Plan))
            {
                continue;
            }

            workload.ReadyAt ??= _simulator.Now;
            if (_simulator.Now - workload.ReadyAt.Value >= workload.Plan.Delay)
            {
                workload.Start(_machine);
            }
        }
    }

    private void EachChecker(Action<Checker, CheckedRun> look)
    {
        foreach (var site in _sites)
        {
            foreach (var checker in site.Checkers)
            {
                look(checker, site.Run);
            }
        }
    }

    private bool Booted(ScenarioWorkload plan)
    {
        if (IsOfDom0(plan))
        {
            return _machine.Sites[0].Machine.OperatorState.Answers.Count > 0 || _machine.Sites[0].Domains.Count == 0;
        }

        return Booted(_machine.Guest(plan.Domain)!) && (plan.Net is not { } net || PeerIsDom0(net) || Booted(_machine.Guest(net.Peer)!));
    }

    private static bool Booted(ScenarioGuest guest) => guest.State is { Outcome.Ok: true } && !guest.HasEnded;

    private bool AllDone() =>
        _sites.TrueForAll(s => s.Site.Machine.OperatorState.Done || s.Run.Degraded.Contains("host"))
        && _machine.Guests.All(Settled)
        && _workloads.TrueForAll(w => w.Finished || Lost(w))
        && !_commands.Exists(IsAwaited)
        && FaultsAreOver
        && !IsPlanned;

    // Something is still to happen at a time that is known.
    private bool IsPlanned => _happenings.Exists(h => h.Due != VirtualTime.Never);

    private bool Settled(ScenarioGuest guest)
    {
        var state = guest.State;
        return IsDegraded(guest) || (guest.HasEnded ? !guest.IsBeingCleared : state.Outcome is not null || state.PauseCount > 0 || state.Spec is null);
    }

    // Its domain has ended, is lost to a fault that may end it, or has not booted.
    private bool Lost(Workload workload)
    {
        var plan = workload.Plan;
        return IsOfDom0(plan)
            ? _sites[0].Run.Degraded.Contains("host")
            : _commands.Exists(c => c.TakesDiskOf(plan)) || Lost(_machine.Guest(plan.Domain)!, workload) || (plan.Net is { } net && !PeerIsDom0(net) && Lost(_machine.Guest(net.Peer)!, null));
    }

    // A disk that may have ended takes those who work on it along, and no others.
    private bool Lost(ScenarioGuest guest, Workload? workload) =>
        (workload is { Device.Length: > 0 } ? SiteOf(guest.Plan.Name, "").IsDegraded(workload.Device) : IsDegraded(guest)) || StandsStill(guest) || guest.State.Outcome is { Ok: false } || (guest.HasEnded && !guest.IsBeingCleared) || (workload?.Life is { } began && began != guest.Domain);

    // Somebody has paused it, and who paused it twice has unpaused it once.
    private bool StandsStill(ScenarioGuest guest) =>
        guest.State.PauseCount > 0 && !IsPlanned && _commands.Exists(c => c.Command.Verb == ShellVerb.Pause && c.Command.Domain == guest.Plan.Name);

    private bool IsDegraded(ScenarioGuest guest) => SiteOf(guest.Plan.Name, "").IsDegraded(guest.Domain);

    private long Progress()
    {
        var done = _faults.Count(f => f.Installed is not null) + _faults.Count(f => f.Healed is not null)
            + _commands.Count(c => c.At is not null) + (long)_commands.Count(c => c.Answer is not null);
        foreach (var site in _sites)
        {
            done += site.Site.Machine.OperatorState.Answers.Count + site.Site.Machine.OperatorState.Restarts.Count;
        }

        foreach (var workload in _workloads)
        {
            done += workload.Done + (workload.Started ? 1 : 0) + (workload.Finished ? 1 : 0);
        }

        foreach (var guest in _machine.Guests)
        {
            done += (guest.State.Outcome is null ? 0 : 1) + (guest.HasEnded ? 1 : 0);
        }

        return done;
    }

    // Nothing that a fault does is to come: each is healed, or stays for good, or its condition has not come true.
    private bool FaultsAreOver => _faults.TrueForAll(f => f.Installed is null ? f.Begin.Due == VirtualTime.Never : !f.IsOn);

    private int ViolationCount => _own.Count + _sites.Sum(s => s.Checkers.Sum(c => c.Violations.Count));
}
