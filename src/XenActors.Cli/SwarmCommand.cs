using System.CommandLine;
using System.Globalization;
using XenActors.Experiments;
using XenActors.Experiments.Swarms;

namespace XenActors.Cli;

/// <summary><c>xenactors swarm</c>: thousands of seeds look for trouble; exit code 0 when they find none, 1 when they do.</summary>
internal static class SwarmCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("SCENARIO|DIR") { Description = "Swarm files, scenario files, or directories of them.", Arity = ArgumentArity.OneOrMore };
        var seeds = Options.Number<long>("--seeds", 1000, 1, long.MaxValue, "How many seeds.");
        var from = Options.Number<ulong>("--from", 1, 0, ulong.MaxValue, "The first seed.");
        var time = Options.Number("--time", 0.0, 0.0, 1e9, "No new seed begins after so many seconds; 0: no limit.");
        var jobs = Options.Number("--jobs", Environment.ProcessorCount, 1, 1024, "Runs at once.");
        var output = new Option<string>("--out") { Description = "Where findings and the journal go.", DefaultValueFactory = _ => "findings" };
        var resume = new Option<bool>("--resume") { Description = "Go on with the swarm whose journal is in that directory." };
        var whole = new Option<bool>("--no-shrink") { Description = "Keep findings as they were found." };
        var runs = Options.Number("--shrink-runs", ShrinkBudget.Usual.Runs, 1, 1_000_000, "Runs at most to make one finding smaller.");
        var seconds = Options.Number("--shrink-time", ShrinkBudget.Usual.Time!.Value.TotalSeconds, 0.0, 1e9, "Seconds at most to make one finding smaller; 0: no limit.");
        var first = new Option<bool>("--first") { Description = "End with the first finding." };
        var defects = new Option<string?>("--defects") { Description = "Known defects to switch on, comma separated." };
        var coverage = new Option<bool>("--coverage") { Description = "Print what the runs reached, and what they never did." };
        var verify = Options.Number(
            "--verify-every", SwarmOptions.VerifyEveryUsually, 0, int.MaxValue, "Of each file every n-th seed runs twice more, on one thread and on two, and must give the same history; 0: none.");
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var command = new Command("swarm", "Draw scenarios from ranges, seed by seed, run them, and keep what a checker objects to.")
        {
            files, seeds, from, time, jobs, output, resume, whole, runs, seconds, first, defects, coverage, verify, json,
        };
        command.SetLongAction((result, cancel) =>
        {
            var options = new SwarmOptions
            {
                Files = [.. result.GetValue(files)!.SelectMany(Files)],
                From = result.GetValue(from),
                Seeds = result.GetValue(seeds),
                Time = Seconds(result.GetValue(time)),
                Jobs = result.GetValue(jobs),
                Output = result.GetValue(output)!,
                Resume = result.GetValue(resume),
                Shrink = !result.GetValue(whole),
                ShrinkBudget = new(result.GetValue(runs), Seconds(result.GetValue(seconds))),
                StopAtFirst = result.GetValue(first),
                VerifyEvery = result.GetValue(verify),
                Defects = result.GetValue(defects)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
                Profiles = RunCommand.Profiles,
            };
            var (reached, document) = (result.GetValue(coverage), result.GetValue(json));
            return Run(options, reached, document, cancel);
        });
        return command;
    }

    private static TimeSpan? Seconds(double seconds) => seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;

    private static int Run(SwarmOptions options, bool coverage, bool json, CancellationToken cancel)
    {
        var swarm = SwarmRun.Prepare(options);
        SwarmOutcome outcome;
        try
        {
            outcome = swarm.ToTheEnd(Progress, cancel);
        }
        catch (OperationCanceledException)
        {
            ProgressLine.End();
            return Errors.End(
                130,
                $"xenactors: cancelled after {swarm.Done} of {options.Seeds} seeds with {swarm.Findings} findings, which {options.Output} keeps; the same command with --resume goes on");
        }

        ProgressLine.End();
        if (json)
        {
            SwarmJson.Write(outcome, coverage, Console.OpenStandardOutput());
        }
        else
        {
            Console.Out.Write(SwarmText.Of(outcome));
            Console.Out.Write(coverage ? CoverageText.Of(outcome.Coverage) : "");
        }

        return outcome.Findings.Count == 0 ? 0 : 1;
    }

    private static readonly Action<SwarmProgress>? Progress = ProgressLine.Of<SwarmProgress>(p => string.Create(
        CultureInfo.InvariantCulture,
        $"{p.Done} of {p.Seeds} seeds, {p.Done / Math.Max(0.001, p.Wall.TotalMinutes):0} a minute, {p.VirtualSeconds / Math.Max(0.001, p.Wall.TotalSeconds):0} virtual seconds a second, {p.Findings} findings{(p.Shrinking is { } s ? $"; {s.Name}: run {s.Runs} of {s.RunsMax}, {s.EventsAtFirst} messages are {s.Events}" : "")}"));

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var files = Directory.GetFiles(path, "*.conf").Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new UserErrorException($"{path}: expected scenario or swarm files (*.conf) in this directory but found none");
    }
}
