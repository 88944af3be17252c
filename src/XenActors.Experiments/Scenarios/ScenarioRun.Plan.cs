using XenActors.Experiments.Checkers;
using XenActors.Experiments.Faults;
using XenActors.Experiments.Profiles;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>What is to happen in a run, and its report.</summary>
public sealed partial class ScenarioRun
{
    private readonly List<CommandReport> _commands = [];

    private void CheckDomains()
    {
        var names = _machine.Scenario.Domains.Select(d => d.Name).ToList();
        foreach (var workload in _machine.Scenario.Workloads)
        {
            if (!(workload.Kind == "store" && workload.Domain == StoreWorkload.Dom0) && _machine.Domain(workload.Domain) is null)
            {
                throw new UserErrorException(
                    $"{workload.Where}: expected a domain of the scenario but found '{workload.Domain}'{HostSettings.Nearest(workload.Domain, names)}; there are {(names.Count == 0 ? "none" : string.Join(", ", names))}");
            }
        }
    }

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
            var place = _commands.Count;
            _commands.Add(new(command.Name, command.Line, null, ""));
            _happenings.Add(_moments.Plan(command.When, $"command {command.Name}", command.Where, VirtualTime.Zero, () => Type(place)));
        }
    }

    private void Install(ScheduledFault fault)
    {
        fault.Installed = _simulator.Now;
        fault.Fault.Install(_site);
        _checked.AnyFault = true;
        _checked.FaultsOn = true;
        foreach (var target in fault.Fault.Degrades)
        {
            if (!_checked.Degraded.Contains(target))
            {
                _checked.Degraded.Add(target);
            }
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
        fault.Fault.Heal();
        Weigh();
    }

    private void Weigh()
    {
        _checked.FaultsOn = _faults.Exists(f => f.IsOn);
        _checked.AllHealedAt = _checked.FaultsOn || !_checked.AnyFault ? null : _simulator.Now;
    }

    private void Stalled() => _own.Add(new("liveness", _simulator.Now, $"something has not finished: {string.Join("; ", Pending())}"));

    private ScenarioOutcome Outcome()
    {
        var violations = _own.Concat(_checkers.SelectMany(c => c.Violations)).OrderBy(v => v.At).ToList();
        violations.AddRange(_workloads.SelectMany(w => w.Findings).Select(f => new Violation("data", _simulator.Now, f)));
        return new()
        {
            Scenario = _machine.Scenario,
            Seed = _seed,
            Fingerprint = _simulator.Fingerprint,
            Events = _simulator.EventsHandled,
            End = _simulator.Now,
            EndedBy = _endedBy,
            Domains = [.. _machine.Machine.Guests.Select((d, i) => new DomainReport(d, _machine.Scenario.Domains[i].Name, StateOf(d)))],
            Workloads = [.. _workloads.Select(w => new WorkloadReport(w.Plan.Name, w.Plan.Kind, w.Plan.Domain, w.Finished, w.Summary))],
            Commands = _commands,
            Faults = [.. _faults.Select(f => f.Report)],
            Checkers = [.. _checkers.Select(c => new CheckerReport(c.Name, c.Seen, c.Violations.Count, c.Branches))],
            Violations = violations,
            Pending = violations.Exists(v => v.Checker == "liveness") ? Pending() : [],
            Messages = _simulator.MessageCounts(),
        };
    }

    private string StateOf(ushort domain)
    {
        var state = _machine.Machine.Domain(domain);
        return state.Spec is null ? "not created"
            : state.PauseCount > 0 ? "paused"
            : state.Outcome is not { } outcome ? "booting"
            : outcome.Ok ? $"booted: {outcome.Reason}" : $"boot failed: {outcome.Reason}";
    }
}
