using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>G9: the same seed gives the same history, run twice and on every engine. Not a checker of one run: the run loop calls it with a way to run.</summary>
public static class Determinism
{
    public const string Name = "g9-determinism";

    /// <summary>Null when all histories are one; else where they part.</summary>
    /// <param name="known">The history that was checked.</param>
    /// <param name="again">Runs the same to the same virtual time.</param>
    /// <param name="engines">On what; the first engine's run is told by name.</param>
    public static Violation? Check(History known, Func<EngineOptions, History> again, params ReadOnlySpan<EngineOptions> engines)
    {
        foreach (var engine in engines)
        {
            var other = again(engine);
            if (other.Fingerprint == known.Fingerprint && other.Events == known.Events)
            {
                continue;
            }

            var parts = new List<string>();
            for (var i = 0; i < known.Processes.Count && i < other.Processes.Count; i++)
            {
                if (known.Processes[i].Fingerprint != other.Processes[i].Fingerprint)
                {
                    parts.Add(known.Processes[i].Name);
                }
            }

            return new(Name, known.Now, $"a second run ({engine}) gave {other.Fingerprint} after {other.Events} events, the first {known.Fingerprint} after {known.Events}; "
                + $"they differ in {string.Join(", ", parts)}");
        }

        return null;
    }
}

/// <summary>What a run leaves to compare.</summary>
public sealed record History(VirtualTime Now, long Events, Fingerprint Fingerprint, IReadOnlyList<(string Name, Fingerprint Fingerprint)> Processes)
{
    public static History Of(Simulator simulator)
    {
        var names = simulator.ProcessNames;
        var processes = new List<(string, Fingerprint)>();
        for (var i = 0; i < names.Count; i++)
        {
            processes.Add((names[i], simulator.FingerprintOf(i)));
        }

        return new(simulator.Now, simulator.EventsHandled, simulator.Fingerprint, processes);
    }
}
