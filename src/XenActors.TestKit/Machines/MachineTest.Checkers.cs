using XenActors.Experiments.Boot;
using XenActors.Experiments.Checkers;
using XenActors.Experiments.Faults;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.TestKit.Machines;

/// <summary>Checkers beside a test: they look while time advances, and once more when the test is over.</summary>
public abstract partial class MachineTest
{
    // Checkers look at states that often, as in a scenario; no part of the history depends on it.
    private static readonly VirtualDuration Look = VirtualDuration.FromMilliseconds(10);

    private readonly List<Checker> _checkers = [];
    private readonly List<Fault> _injected = [];
    private CheckedRun? _checked;
    private bool _looked;

    /// <summary>All checkers of the catalogue: the test fails as soon as one objects, with what it says. Before the machine's first use.</summary>
    public void Check() => Check([.. CheckerCatalog.CreateAll()]);

    /// <summary>The same with some of them, by name.</summary>
    public void Check(params ReadOnlySpan<string> names)
    {
        var known = CheckerCatalog.All.Select(c => c.Name).ToList();
        foreach (var name in names)
        {
            Check(CheckerCatalog.Create(name) ?? throw Failure($"there is no checker {name}; there are {string.Join(", ", known)}"));
        }
    }

    /// <summary>The same with checkers of the test's own.</summary>
    public void Check(params ReadOnlySpan<Checker> checkers)
    {
        if (HasStarted)
        {
            throw new InvalidOperationException("the machine has been built already: checkers see all of its history or none");
        }

        _checkers.AddRange(checkers);
    }

    /// <summary>What checkers have counted so far, by their branches.</summary>
    public IReadOnlyList<Checker> Checkers => _checkers;

    internal void RunBoots() => Guard(() => BootRun.ToTheEnd(Machine, null, CancellationToken.None, Pass));

    private protected override void Pass(VirtualDuration duration)
    {
        if (_checkers.Count == 0)
        {
            base.Pass(duration);
            return;
        }

        var end = Simulator.Now + duration;
        while (Simulator.Now < end)
        {
            var next = end - Simulator.Now < Look ? end : Simulator.Now + Look;
            Simulator.RunUntil(next);
            WeighFaults();
            _checkers.ForEach(c => c.AtSlice(_checked!));
            Judge();
            if (Simulator.Now < next)
            {
                return; // An actor has stopped the run.
            }
        }
    }

    private void AttachCheckers(XenMachine machine)
    {
        _checked = new(machine);
        _checkers.ForEach(c => c.Attach(_checked));
    }

    // Whatever the test does to the machine by its own means may rightly have effects.
    private void SomeFault()
    {
        if (_checked is not null)
        {
            _checked.AnyFault = true;
        }
    }

    private void Injected(Fault fault)
    {
        _injected.Add(fault);
        _checked!.Degraded.AddRange(fault.Degrades.Except(_checked.Degraded));
        SomeFault();
        WeighFaults();
    }

    private void WeighFaults()
    {
        var on = _injected.Exists(f => !f.Healed);
        if (_injected.Count > 0 && on != _checked!.FaultsOn)
        {
            (_checked.FaultsOn, _checked.AllHealedAt) = (on, on ? null : Simulator.Now);
        }
    }

    private void CheckToTheEnd()
    {
        if (_checked is { } run && !_looked)
        {
            WeighFaults();
            _checkers.ForEach(c => c.AtEnd(run));
            Judge();
        }
    }

    // Once: what has failed the test needs no second failure.
    private void Judge()
    {
        var violations = _checkers.SelectMany(c => c.Violations).OrderBy(v => v.At).ToList();
        if (violations.Count > 0 && !_looked)
        {
            _looked = true;
            throw Failure(string.Join(Environment.NewLine, violations.Select(v => $"{v.Checker} at {v.At}: {v.Text}")));
        }
    }
}
