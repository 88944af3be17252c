using System.CommandLine;
using System.Globalization;
using XenActors.Experiments.Zoo;

namespace XenActors.Cli;

/// <summary><c>xenactors defects</c>: what real components had wrong, and can have again; with --measure, how soon swarms find it.</summary>
internal static class DefectsCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("NAME") { Description = "Only these.", Arity = ArgumentArity.ZeroOrMore };
        Options.RefuseUnknown(names);
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var measure = new Option<bool>("--measure")
        {
            Description = "Look for each with the swarm file of its component, from several first seeds, and print a Markdown table: seeds to find it, size of the shrunk scenario.",
        };
        var runs = Options.Number("--runs", 10, 1, 1000, "Searches for each defect, 100000 seeds apart.");
        var seeds = Options.Number<long>("--seeds", 2000, 1, long.MaxValue, "After how many seeds a search is given up.");
        var from = Options.Number<ulong>("--from", 1, 0, ulong.MaxValue, "The first search's first seed.");
        var jobs = Options.Number("--jobs", Environment.ProcessorCount, 1, 1024, "Searches at once.");
        var whole = new Option<bool>("--no-shrink") { Description = "Leave the findings as they are." };
        var output = new Option<string?>("--out") { Description = "Where the shrunk scenarios go." };
        var command = new Command("defects", "List the known defects that a scenario can switch on: what is wrong, which checker sees it, where it was published.")
        {
            names, json, measure, runs, seeds, from, jobs, whole, output,
        };
        command.SetLongAction((result, cancel) =>
        {
            var chosen = result.GetValue(names) is { Length: > 0 } given ? given.Select(n => DefectCatalog.Require(n, "defects")).Distinct().ToList() : DefectCatalog.All;
            if (!result.GetValue(measure))
            {
                return List(chosen, result.GetValue(json));
            }

            var options = new MeasureOptions
            {
                Defects = chosen,
                Runs = result.GetValue(runs),
                Seeds = result.GetValue(seeds),
                From = result.GetValue(from),
                Jobs = result.GetValue(jobs),
                Shrink = !result.GetValue(whole),
                Output = result.GetValue(output),
                Profiles = RunCommand.Profiles,
            };
            return Measure(options, result.GetValue(json), cancel);
        });
        return command;
    }

    private static int List(IReadOnlyList<KnownDefect> defects, bool json)
    {
        if (json)
        {
            DefectListing.WriteJson(defects, Console.OpenStandardOutput());
        }
        else
        {
            Console.Out.Write(DefectListing.Text(defects));
        }

        return 0;
    }

    // 1 when a defect was not found in half of the searches.
    private static int Measure(MeasureOptions options, bool json, CancellationToken cancel)
    {
        var measurement = DefectMeasurement.Prepare(options);
        Action<DefectMeasure>? row = json ? null : m =>
        {
            ProgressLine.End();
            Console.Out.Write(MeasureText.Row(options, m));
            Console.Out.Flush();
        };
        Console.Out.Write(json ? "" : MeasureText.Heading(options));
        try
        {
            var measures = measurement.ToTheEnd(row, Progress, cancel);
            ProgressLine.End();
            if (json)
            {
                MeasureText.WriteJson(measures, Console.OpenStandardOutput());
            }

            return measures.All(m => m.Median is not null) ? 0 : 1;
        }
        catch (OperationCanceledException)
        {
            ProgressLine.End();
            return Errors.End(130, $"xenactors: cancelled after {measurement.Done} of {measurement.Searches} searches");
        }
    }

    private static readonly Action<MeasureProgress>? Progress = ProgressLine.Of<MeasureProgress>(p => string.Create(
        CultureInfo.InvariantCulture,
        $"{p.Done} of {p.Searches} searches, {p.Seeds} seeds, {p.Seeds / Math.Max(0.001, p.Wall.TotalMinutes):0} a minute"));
}
