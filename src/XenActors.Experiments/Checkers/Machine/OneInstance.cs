namespace XenActors.Experiments.Checkers.Machine;

/// <summary>G10: of a domain, known by its UUID, at most one instance runs at any time.</summary>
public sealed class OneInstance() : Checker("g10-one-instance")
{
    private readonly Dictionary<string, ushort> _running = new(StringComparer.Ordinal);

    public override void Attach(CheckedRun run)
    {
    }

    public override void AtSlice(CheckedRun run)
    {
        _running.Clear();
        foreach (var domain in run.Machine.Places.Processes.Keys)
        {
            if (domain == 0 || !GuestLives.Runs(run.Machine, domain) || GuestLives.StateOf(run.Machine, domain)?.Spec is not { } spec)
            {
                continue;
            }

            Seen++;
            if (!_running.TryAdd(spec.Uuid, domain))
            {
                Fail(run.Simulator.Now, $"dom{_running[spec.Uuid]} and dom{domain} run both, with the UUID {spec.Uuid} ({spec.Name})");
            }
        }

        Reach(_running.Count switch { 0 => "nobody runs", 1 => "one runs", _ => "several run" });
    }
}
