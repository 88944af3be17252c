using System.CommandLine;
using XenActors.Experiments;
using XenActors.Live.Xenstore.Bench;

namespace XenActors.Cli;

/// <summary><c>xenactors bench xenstore</c>: how fast a xenstore daemon is, alone or beside another.</summary>
internal static class XenstoreBenchCommand
{
    private const int ProgressWidth = 79;

    public static Command Create()
    {
        var socket = new Option<string>("--socket") { Description = "The daemon's socket; any daemon that speaks the protocol.", Required = true };
        var against = new Option<string?>("--against") { Description = "Another daemon's socket: both take turns, and the ratio of their rates is told." };
        var seconds = Options.Number<double>("--seconds", 2, 0.01, 3600, "How long each load runs on each daemon, all rounds together.");
        var rounds = Options.Number<int>("--rounds", 5, 1, 1000, "Into how many rounds that time is cut; medians are told.");
        var only = new Option<string>("--only") { Description = "Only loads whose name contains this.", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of tables." };
        var command = new Command("xenstore", "Units per second of a xenstore daemon, load by load, its processor time a unit, and its memory.")
        {
            socket, against, seconds, rounds, only, json,
        };
        command.SetLongAction((result, cancel) =>
        {
            if (!OperatingSystem.IsLinux()) throw new UserErrorException("bench xenstore: needs Linux");
            var options = new XenstoreBenchOptions
            {
                Sockets = result.GetValue(against) is { } other ? [result.GetValue(socket)!, other] : [result.GetValue(socket)!],
                PerLoad = TimeSpan.FromSeconds(result.GetValue(seconds)),
                Rounds = result.GetValue(rounds),
                Only = result.GetValue(only)!,
            };
            return Run(options, result.GetValue(json), cancel);
        });
        return command;
    }

    private static int Run(XenstoreBenchOptions options, bool json, CancellationToken cancel)
    {
        var head = false;
        var bench = new XenstoreBench(options, Print, Console.IsErrorRedirected ? _ => { } : Progress);
        BenchReport report;
        try
        {
            report = bench.Run(cancel);
        }
        finally
        {
            if (!Console.IsErrorRedirected) Progress("");
        }

        if (!json)
        {
            XenstoreBenchOutput.Memory(report.Memory, Console.Out);
            return 0;
        }

        using var output = Console.OpenStandardOutput();
        XenstoreBenchOutput.Json(options, report, output);
        return 0;

        void Print(BenchRow row)
        {
            if (json) return;
            if (!Console.IsErrorRedirected) Progress("");
            if (!head) XenstoreBenchOutput.Head(options.Sockets, Console.Out);
            head = true;
            XenstoreBenchOutput.Row(row, Console.Out);
        }
    }

    // One line that is written over.
    private static void Progress(string what) => Console.Error.Write($"\r{what.PadRight(ProgressWidth)}\r{what}");
}
