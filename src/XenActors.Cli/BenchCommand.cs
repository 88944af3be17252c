using System.CommandLine;
using System.Globalization;
using XenActors.Experiments;
using XenActors.Experiments.Bench;
using XenActors.Experiments.Boot;
using XenActors.Live.Xenstore.Bench;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors bench</c>: measurements. Nothing here is a test.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure the runtime, or a xenstore daemon.") { Phold(), Boots(), Xenstore() };

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

    private static Command Xenstore()
    {
        var socket = new Option<string>("--socket") { Description = "The daemon's socket; any daemon that speaks the protocol.", Required = true };
        var seconds = new Option<double>("--seconds") { Description = "How long each load runs.", DefaultValueFactory = _ => 2 };
        var command = new Command("xenstore", "Requests per second of a xenstore daemon, load by load.") { socket, seconds };
        command.SetAction((result, cancel) =>
        {
            if (!OperatingSystem.IsLinux()) throw new UserErrorException("bench xenstore: needs Linux");
            var time = TimeSpan.FromSeconds(Options.Check(result.GetValue(seconds), 0.01, 3600, "--seconds"));
            new XenstoreBench(result.GetValue(socket)!, time).Run(Console.Out, cancel);
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command Boots()
    {
        var config = new Argument<string>("CFG") { Description = "An xl configuration file." };
        var kernel = new Option<string>("--kernel") { Description = "The guest's kernel.", DefaultValueFactory = _ => "debian12-6.1" };
        var host = new Option<string?>("--host") { Description = "The host." };
        var first = new Option<ulong>("--seed") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 1000 };
        var jobs = new Option<int>("--jobs") { Description = "Boots at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var engines = new Option<bool>("--engines") { Description = "Boot each seed again with threads and 1, 2, 3 and 8 partitions, and compare." };
        var command = new Command("boots", "Boot one configuration with many seeds.") { config, kernel, host, first, seeds, jobs, engines };
        command.SetAction((result, cancel) =>
        {
            using var session = BootSession.Prepare(new BootOptions
            {
                Configs = [result.GetValue(config)!],
                Kernel = result.GetValue(kernel)!,
                Host = result.GetValue(host),
            });
            EngineOptions[] others = result.GetValue(engines)
                ? [EngineOptions.Threads(1), EngineOptions.Threads(2), EngineOptions.Threads(3), EngineOptions.Threads(8)]
                : [];
            var run = new BootSeeds(
                session,
                result.GetValue(first),
                Options.Check(result.GetValue(seeds), 1, 100_000_000, "--seeds"),
                Options.Check(result.GetValue(jobs), 1, 1024, "--jobs"),
                others);
            var outcome = run.Run(Console.IsErrorRedirected ? null : done => Console.Error.Write($"\r{done} seeds "), cancel);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{outcome.Runs} seeds, {outcome.Booted} booted, {outcome.Histories} different histories, {outcome.Events} messages, {outcome.Wall.TotalSeconds:0.0} s wall, {outcome.Cpu.TotalSeconds:0.0} s CPU"));
            foreach (var seed in outcome.Failed)
            {
                Console.WriteLine($"seed {seed} did not boot: xenactors boot {result.GetValue(config)} --kernel {result.GetValue(kernel)} --seed {seed}");
            }

            foreach (var seed in outcome.Different)
            {
                Console.WriteLine($"seed {seed} has another fingerprint on another engine");
            }

            return Task.FromResult(outcome.Booted == outcome.Runs && outcome.Different.Count == 0 ? 0 : 1);
        });
        return command;
    }
}
