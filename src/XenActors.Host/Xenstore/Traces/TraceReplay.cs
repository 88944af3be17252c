using XenActors.Abi;

namespace XenActors.Xenstore.Traces;

/// <summary>
/// Gives the requests of a real daemon's trace to a fresh store and compares every reply and watch event, connection by connection. What
/// the trace does not say (the store before it, older watches, who is who) is found out from it.
/// </summary>
public static class TraceReplay
{
    // Each one explains a reply by something that must have been there before; a trace of a host has a handful.
    private const int ExplanationsMax = 500;

    /// <summary>Replays a trace.</summary>
    /// <param name="trace">What <see cref="TraceParser"/> read.</param>
    /// <param name="beginning">The store before it; what the trace itself tells is added.</param>
    /// <param name="cancel">Looked at before each pass over the trace.</param>
    public static TraceOutcome Run(IReadOnlyList<TraceEntry> trace, TraceBeginning? beginning = null, CancellationToken cancel = default)
    {
        beginning ??= new TraceBeginning();
        TraceLearner.Learn(trace, beginning);
        for (var explained = 0; ; explained++)
        {
            cancel.ThrowIfCancellationRequested();
            var run = new TraceRun(beginning);
            var outcome = run.Through(trace);
            if (outcome.Difference is null || explained == ExplanationsMax || !Explain(run, beginning)) return outcome;
        }
    }

    // Whether the difference goes away with something that the trace gives no other sign of.
    private static bool Explain(TraceRun run, TraceBeginning beginning)
    {
        if (run.DifferentPath is not { } path || !XenstorePath.IsValid(path, XenstoreLimits.RelPathMax)) return false;
        // Somebody saw what was written in no transaction after all: two threads share the connection.
        var unseen = run.Unseen.FindLastIndex(w => w.Path == path || XenstorePath.Parent(w.Path).SequenceEqual(path));
        if (unseen >= 0) return beginning.Outside.Add(run.Unseen[unseen].Line);
        if (beginning.Complete) return false;
        if (run.MissingEvent)
        {
            // Somebody heard of the removal of what the trace never showed, or a guest of what it must have been allowed to read.
            if (run.DifferentForGuest && beginning.LearnAccess(path, true)) return true;
            if (beginning.Has(path) || !run.Removed.Contains(path)) return false;
            beginning.Learn(path);
            return true;
        }

        if (run.ExtraEvent) return run.DifferentForGuest && beginning.LearnAccess(path, false);
        var (expected, found) = (run.ExpectedError, run.FoundError);
        if (found == "EACCES" && expected != "EACCES") return beginning.LearnAccess(path, true);
        return expected == "EACCES" && found != "EACCES" && beginning.LearnAccess(path, false);
    }
}
