using System.CommandLine;
using XenActors.Experiments;
using XenActors.Experiments.Bench;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors bench</c>: measurements. Nothing here is a test.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure the runtime.") { Phold() };

    private static Command Phold()
    {
        var lps = new Option<int>("--lps") { Description = "Logical processes, one actor each.", DefaultValueFactory = _ => 1024 };
        var population = new Option<int>("--population") { Description = "Jobs that start in each process.", DefaultValueFactory = _ => 16 };
        var remote = new Option<double>("--remote") { Description = "Share of jobs that go to a random process, 0 to 1.", DefaultValueFactory = _ => 1.0 };
        var lookahead = new Option<double>("--lookahead") { Description = "Lookahead, as a fraction of the mean delay.", DefaultValueFactory = _ => 0.1 };
        var engine = new Option<string>("--engine") { Description = "sequential or threads.", DefaultValueFactory = _ => "sequential" };
        var partitions = new Option<int>("--partitions") { Description = "Partitions of the threads engine.", DefaultValueFactory = _ => 2 };
        var events = new Option<long>("--events") { Description = "Events per repetition.", DefaultValueFactory = _ => 20_000_000 };
        var repetitions = new Option<int>("--repetitions") { Description = "Counted repetitions, after one warm-up.", DefaultValueFactory = _ => 5 };
        var seed = new Option<ulong>("--seed") { Description = "The seed of the history.", DefaultValueFactory = _ => 1 };
        var baseline = new Option<bool>("--baseline") { Description = "In turn with a plain 4-ary heap without actors." };
        var save = new Option<FileInfo?>("--save") { Description = "Write a snapshot to this file at the end." };
        var resume = new Option<FileInfo?>("--resume") { Description = "Continue from this snapshot." };
        var command = new Command("phold", "PHOLD: events per second through the actor API, in deterministic order.")
        {
            lps, population, remote, lookahead, engine, partitions, events, repetitions, seed, baseline, save, resume,
        };
        command.SetAction((result, cancel) =>
        {
            var options = PholdOptions.Default with
            {
                Processes = Options.Check(result.GetValue(lps), 1, 10_000_000, "--lps"),
                Population = Options.Check(result.GetValue(population), 1, 1_000_000, "--population"),
                RemotePerMille = (int)Math.Round(1000 * Options.Check(result.GetValue(remote), 0, 1, "--remote")),
                Seed = result.GetValue(seed),
            };
            options = options with
            {
                Lookahead = new VirtualDuration((long)(options.Mean.Nanoseconds * Options.Check(result.GetValue(lookahead), 1e-6, 1000, "--lookahead"))),
            };
            var kind = Options.Engine(result.GetValue(engine)!, result.GetValue(partitions));
            var bench = new PholdBench(options, kind, Options.Check(result.GetValue(events), 1, long.MaxValue / 2, "--events"), Options.Check(result.GetValue(repetitions), 1, 1000, "--repetitions"));
            bench.Run(result.GetValue(baseline), result.GetValue(resume), result.GetValue(save), Console.Out, cancel);
            return Task.FromResult(0);
        });
        return command;
    }
}
