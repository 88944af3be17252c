using XenActors.Machine;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>G10: of a domain, known by its UUID, at most one instance runs at any time, on whatever host.</summary>
public sealed class OneInstance() : Checker("g10-one-instance")
{
    private readonly Dictionary<string, (XenMachine Host, ushort Domain)> _running = new(StringComparer.Ordinal);

    public override IReadOnlyList<string> AllBranches { get; } = ["nobody runs", "one runs", "several run"];

    public override void Attach(CheckedRun run)
    {
    }

    public override void AtSlice(CheckedRun run)
    {
        // Of several hosts, the first one's checker looks at all.
        if (run.Room[0] != run.Machine)
        {
            return;
        }

        _running.Clear();
        foreach (var machine in run.Room)
        {
            foreach (var domain in machine.Places.Processes.Keys)
            {
                if (domain != 0 && GuestLives.Runs(machine, domain) && GuestLives.StateOf(machine, domain)?.Spec is { } spec)
                {
                    Seen++;
                    if (!_running.TryAdd(spec.Uuid, (machine, domain)))
                    {
                        Fail(run.Simulator.Now, $"{NameOf(_running[spec.Uuid].Host, _running[spec.Uuid].Domain)} and {NameOf(machine, domain)} run both, with the UUID {spec.Uuid} ({spec.Name})");
                    }
                }
            }
        }

        Reach(_running.Count switch { 0 => "nobody runs", 1 => "one runs", _ => "several run" });
    }

    private static string NameOf(XenMachine machine, ushort domain) => machine.Simulator.ProcessNames[machine.Places.Processes[domain]];
}
