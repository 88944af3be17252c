using System.CommandLine;
using System.Globalization;
using XenActors.Experiments.Recordings;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors replay</c>: a recorded session once more, without a clock.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("RECORDING") { Description = "A file that xenactors serve has recorded." };
        Options.RefuseUnknown(file);
        var print = new Option<string?>("--print") { Description = $"What to print at its end, comma separated: {string.Join(", ", BootSections.All)}." };
        var trace = Options.File("--trace", "Write every message to this file.");
        var engine = new EngineChoice();
        var command = new Command("replay", "Run a recorded session again and compare the fingerprint.") { file, print, trace };
        engine.AddTo(command);
        command.SetLongAction((result, cancel) =>
        {
            var sections = result.GetValue(print) is { } list ? BootSections.Parse(list, paused: false) : [];
            return Run(result.GetValue(file)!, sections, result.GetValue(trace), engine.Read(result), cancel);
        });
        return command;
    }

    private static int Run(string file, IReadOnlyList<string> sections, FileInfo? trace, EngineOptions engine, CancellationToken cancel)
    {
        using var replay = SessionReplay.Open(file, engine);
        using var traceFile = trace is null ? null : new TraceFile(trace);
        if (traceFile is not null)
        {
            replay.Machine.Simulator.TraceTo(traceFile);
        }

        var outcome = replay.Run(
            VirtualTime.Never,
            ProgressLine.Of<ReplayProgress>(p => string.Create(CultureInfo.InvariantCulture, $"virtual time {p.Now.Nanoseconds / 1e9:0.0} s, {p.Inputs} inputs")),
            cancel);
        ProgressLine.End();
        traceFile?.Finish();
        Tell(file, replay, outcome);
        BootSections.Write(replay.Machine, replay.Session, sections, Console.Out);
        return outcome.Same ? 0 : 1;
    }

    private static void Tell(string file, SessionReplay replay, ReplayOutcome outcome)
    {
        Errors.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"replayed {outcome.Time} s of virtual time: {outcome.Requests} requests of {outcome.Clients} clients at most at once{(outcome.DiskRequests > 0 ? $", {outcome.DiskRequests} requests to disks" : "")}, fingerprint {outcome.Fingerprint}, {Verdict(outcome)}"));
        if (outcome.End == RecordingEnd.Torn)
        {
            Errors.Tell($"{file}: the last line is not whole and was ignored");
        }

        if (outcome.End is RecordingEnd.Torn or RecordingEnd.Cut)
        {
            Errors.Tell($"{file}: has no last line: the session was killed, or still runs");
        }

        if (outcome.Same)
        {
            return;
        }

        if (outcome.Difference is { } difference)
        {
            Errors.Tell(difference.ToString());
        }

        if (outcome.Missing is { } missing)
        {
            Errors.Tell($"the replay read what the session had not read: {missing}");
        }

        Errors.Tell(replay.Header.OfThisBuild
            ? "this very build recorded it: the recording was changed, or this is a defect of xenactors"
            : "another build of xenactors recorded it");
    }

    private static string Verdict(ReplayOutcome outcome) => outcome.Recorded is not { } recorded
        ? outcome.Same ? "as far as is known the recorded history" : "not the recorded history"
        : outcome.Same ? "as recorded" : $"recorded was {recorded}";
}
