using XenActors.Experiments.Checkers;
using XenActors.Experiments.Faults;
using XenActors.Experiments.Profiles;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>What is to happen in a run, and its report.</summary>
public sealed partial class ScenarioRun
{
    private const string All = "all";

    private static List<Checker> CheckersOf(Scenario scenario)
    {
        var names = CheckerCatalog.All.Select(c => c.Name).ToList();
        var unknown = scenario.Checkers.FirstOrDefault(c => c is not (All or Checkers.Machine.Determinism.Name) && !names.Contains(c));
        return unknown is not null
            ? throw new UserErrorException($"{scenario.CheckersAt}: expected a checker or all but found '{unknown}'{HostSettings.Nearest(unknown, names)}; there are {string.Join(", ", names)}, {Checkers.Machine.Determinism.Name}")
            : scenario.Checkers.Contains(All) ? CheckerCatalog.CreateAll() : [.. scenario.Checkers.Where(names.Contains).Select(c => CheckerCatalog.Create(c)!)];
    }

    private void CheckDomains()
    {
        foreach (var workload in _machine.Scenario.Workloads)
        {
            if (!IsOfDom0(workload))
            {
                CheckDomain(workload.Domain, workload.Where);
            }

            if (workload.Net is { } net && !PeerIsDom0(net))
            {
                CheckDomain(net.Peer, workload.Where);
                if ((net.Peer, net.PeerDevice) == (workload.Domain, net.Device))
                {
                    throw new UserErrorException($"{workload.Where}: {net.Peer}'s {net.Device} sends to itself: expected another device, for a bridge gives no frame back where it came from");
                }
            }
        }
    }

    private void CheckDomain(string name, string where)
    {
        if (_machine.Guest(name) is null)
        {
            var names = _machine.Scenario.Domains.Select(d => d.Name).ToList();
            throw new UserErrorException(
                $"{where}: expected a domain of the scenario but found '{name}'{HostSettings.Nearest(name, names)}; there are {(names.Count == 0 ? "none" : string.Join(", ", names))}");
        }
    }

    private static bool IsOfDom0(ScenarioWorkload workload) => workload.Kind == "store" && workload.Domain == StoreWorkload.Dom0;

    private static bool PeerIsDom0(NetTraffic net) => net.Peer == StoreWorkload.Dom0;

    private void Schedule()
    {
        foreach (var spec in _machine.Scenario.Faults)
        {
            ScheduledFault? fault = null;
            var begin = _moments.Plan(spec.When, $"fault {spec.Name}", spec.Where, VirtualTime.Zero, () => Install(fault!));
            fault = new(Fault.Create(spec)) { Begin = begin };
            _faults.Add(fault);
            _happenings.Add(begin);
        }

        foreach (var command in _machine.Scenario.Commands)
        {
            var typed = new TypedCommand(command);
            _commands.Add(typed);
            _happenings.Add(_moments.Plan(command.When, $"command {command.Name}", command.Where, VirtualTime.Zero, () => Type(typed)));
        }
    }

    private void Install(ScheduledFault fault)
    {
        // The host of the domain or device that it names, unless it says one itself.
        var subject = fault.Spec.Parameters.GetValueOrDefault("domain") ?? fault.Spec.Parameters.GetValueOrDefault("device") ?? "";
        var site = SiteOf(subject.Split('/')[0], fault.Spec.Host);
        fault.Installed = _simulator.Now;
        Mark?.Invoke(_simulator.Now, Timelines.Timeline.Faults, $"{fault.Spec.Name} ({fault.Spec.Kind}) begins");
        fault.Fault.Install(site.Faults);
        foreach (var other in _sites)
        {
            (other.Run.AnyFault, other.Run.FaultsOn) = (true, true);
        }

        foreach (var target in fault.Fault.Degrades)
        {
            if (fault.Fault.Kind.VoidsData)
            {
                site.Run.Corrupted.Add(target);
            }

            switch (fault.Fault.Kind.Subject)
            {
                case FaultSubject.Grants when fault.Fault.Kind.Name == "grant-revoke":
                    site.Run.Regranted.Add(target);
                    site.Run.Leaking.Add(target);
                    break;
                case not (FaultSubject.Grants or FaultSubject.Rings):
                    site.Run.Leaking.Add(target);
                    break;
            }

            site.Degrade(target);
        }

        if (fault.Heals)
        {
            _happenings.Add(_moments.Plan(fault.Spec.Heal, $"heal {fault.Spec.Name}", fault.Spec.Where, _simulator.Now, () => Heal(fault)));
        }

        Weigh();
    }

    private void Heal(ScheduledFault fault)
    {
        fault.Healed = _simulator.Now;
        Mark?.Invoke(_simulator.Now, Timelines.Timeline.Faults, $"{fault.Spec.Name} ({fault.Spec.Kind}) is healed");
        fault.Fault.Heal();
        Weigh();
    }

    // A fault is on for all hosts: what one waits for may be another's.
    private void Weigh()
    {
        var on = _faults.Exists(f => f.IsOn);
        foreach (var site in _sites)
        {
            site.Run.FaultsOn = on;
            site.Run.AllHealedAt = on || !site.Run.AnyFault ? null : _simulator.Now;
        }
    }

    private CheckedSite SiteOf(string domain, string host) =>
        _sites.Find(s => s.Site == (host.Length == 0 && domain.Length > 0 && _machine.Guest(domain) is { } guest ? guest.Site : _machine.Site(host)))!;

    private void Stalled() => _own.Add(new("liveness", _simulator.Now, $"something has not finished: {string.Join("; ", Pending())}"));

    // Without what a fault may rightly have ended.
    private List<string> Pending() =>
    [
        .. _sites.SelectMany(s => Checkers.Machine.Pending.Of(s.Site.Machine).Where(p => !s.Run.Excuse(p.Who)).Select(p => Named(s, p.ToString()))),
        .. _machine.Guests.Where(g => !Settled(g)).Select(g => g.IsBeingCleared ? $"{g.Plan.Name}: its domain has ended, and xl has not cleared it away" : $"{g.Plan.Name} has not booted"),
        .. _commands.Where(IsAwaited).Select(c => $"'{c.Plan.Line}' has had no answer since {c.At}"),
        .. _workloads.Where(w => !w.Finished && !Lost(w)).Select(w => $"{w.Plan.Name} ({w.Plan.Kind}): {w.Summary}"),
    ];

    private string Named(CheckedSite site, string text) => _sites.Count == 1 ? text : $"{site.Site.Name}: {text}";

    private ScenarioOutcome Outcome()
    {
        var undisturbed = _sites.TrueForAll(s => !s.Run.AnyFault) && _commands.Count == 0;
        var violations = _own.Concat(_sites.SelectMany(s => s.Checkers.SelectMany(c => c.Violations).Select(v => v with { Text = Named(s, v.Text) }))).OrderBy(v => v.At).ToList();
        violations.AddRange(_workloads.Where(w => !IsCorrupted(w.Plan)).SelectMany(w => w.Findings(undisturbed)).Select(f => new Violation("data", _simulator.Now, f)));
        foreach (var violation in violations)
        {
            Mark?.Invoke(violation.At, Timelines.Timeline.Violations, $"{violation.Checker}: {violation.Text}");
        }

        return new()
        {
            Scenario = _machine.Scenario,
            Seed = _seed,
            Fingerprint = _simulator.Fingerprint,
            Events = _simulator.EventsHandled,
            End = _simulator.Now,
            EndedBy = _endedBy,
            Domains = [.. _machine.Guests.Select(g => new DomainReport(g.Domain, _sites.Count == 1 ? g.Plan.Name : $"{g.Plan.Name} on {g.Site.Name}", StateOf(g)))],
            Workloads = [.. _workloads.Select(w => new WorkloadReport(w.Plan.Name, w.Plan.Kind, w.Plan.Domain, w.Finished, w.Summary))],
            Commands = [.. _commands.Select(c => c.Report)],
            Faults = [.. _faults.Select(f => f.Report)],
            Checkers = [.. _sites[0].Checkers.Select((c, i) => Report(c.Name, [.. _sites.Select(s => s.Checkers[i])]))],
            Violations = violations,
            Pending = violations.Exists(v => v.Checker == "liveness") ? Pending() : [],
            Messages = _simulator.MessageCounts(),
        };
    }

    // Bytes that nobody wrote may have reached its disk.
    private bool IsCorrupted(ScenarioWorkload plan) => _machine.Guest(plan.Domain) is { } guest && SiteOf(guest.Plan.Name, "").Run.Corrupted.Names(guest.Domain);

    // One kind of checker on all hosts.
    private static CheckerReport Report(string name, List<Checker> checkers)
    {
        var branches = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (branch, count) in checkers.SelectMany(c => c.Branches))
        {
            branches[branch] = branches.GetValueOrDefault(branch) + count;
        }

        return new(name, checkers.Sum(c => c.Seen), checkers.Sum(c => c.Violations.Count), branches);
    }

    private static string StateOf(ScenarioGuest guest)
    {
        var state = guest.State;
        var again = guest.Domain == guest.Machine.Guests[guest.Place] ? "" : $", after an end as domain {guest.Machine.Guests[guest.Place]}";
        return again.Length == 0 ? Words(state) : Words(state) + again;
    }

    private static string Words(DomainState state) =>
        state.Spec is null ? "not created"
            : state.Status == DomainStatus.Shutdown ? $"shut down: {state.Reason.ToString().ToLowerInvariant()}"
            : state.Status == DomainStatus.Dying ? "dying"
            : state.Status == DomainStatus.Dead ? "gone"
            : state.PauseCount > 0 ? "paused"
            : state.Outcome is not { } outcome ? "booting"
            : outcome.Ok ? $"booted: {outcome.Reason}" : $"boot failed: {outcome.Reason}";
}
