using System.Globalization;
using XenActors.Simulation;

namespace XenActors.Experiments.Checkers.Machine;

/// <summary>G9: the same seed gives the same history, run twice and on every engine. Not a checker of one run: it is called with a way to run.</summary>
public static class Determinism
{
    public const string Name = "g9-determinism";

    public const string OnOneThread = "once more on one thread";

    public const string OnSeveral = "once more on several threads";

    /// <summary>All that a comparison of two histories that are one can be.</summary>
    public static IReadOnlyList<string> AllBranches => [OnOneThread, OnSeveral];

    /// <summary>Null when all histories are one; else where they part: which record of their traces differs.</summary>
    /// <param name="known">The history that was checked.</param>
    /// <param name="first">On what it came to be.</param>
    /// <param name="again">Runs the same to the same virtual time; where a sink is given, traced.</param>
    /// <param name="engines">On what to run it again.</param>
    public static Violation? Check(History known, EngineOptions first, Func<EngineOptions, ITraceSink?, History> again, params ReadOnlySpan<EngineOptions> engines)
    {
        foreach (var engine in engines)
        {
            var other = again(engine, null);
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

            var (at, difference) = Difference(first, engine, again);
            return new(
                Name,
                at ?? known.Now,
                $"a second run ({Words(engine)}) gave another history, in {string.Join(", ", parts)}: {other.Fingerprint} after {other.Events} messages and not {known.Fingerprint} after {known.Events}; {difference}");
        }

        return null;
    }

    private static string Words(EngineOptions engine) => engine.Kind == EngineKind.Sequential
        ? "on one thread" : string.Create(CultureInfo.InvariantCulture, $"on {engine.Partitions} threads");

    // Three more runs that are traced: only a number for each record is kept, so that a long history fits.
    private static (VirtualTime? At, string Text) Difference(EngineOptions first, EngineOptions second, Func<EngineOptions, ITraceSink?, History> again)
    {
        var one = new TraceDigests();
        again(first, one);
        var other = new TraceDivergence(one);
        again(second, other);
        if (other.Index is not { } index)
        {
            return (null, "two more runs, which were traced, did not differ");
        }

        var found = new TracePick(index);
        again(first, found);
        var at = found.Record is { } left && other.Record is { } right ? left.Time < right.Time ? left.Time : right.Time : (found.Record ?? other.Record)?.Time;
        var same = Line(found.Record) == Line(other.Record);
        return (at, string.Create(CultureInfo.InvariantCulture, $"record {index + 1} of the trace was [{Line(found.Record, same)}] and then [{Line(other.Record, same)}]"));
    }

    // With when it was worked on, and what it sent, where two records are told apart by these only.
    private static string Line(TraceRecord? record, bool whole = false) => record is not { } told
        ? "the end"
        : $"{told} #{told.Digest:x16}".ReplaceLineEndings(" ")
            + (whole ? string.Create(CultureInfo.InvariantCulture, $", from {told.Began} to {told.Ended}, number {told.Number}, {told.SentCount} sent from {told.SentFirst} on") : "");
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
