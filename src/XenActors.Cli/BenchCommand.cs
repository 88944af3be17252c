using System.CommandLine;
using System.Globalization;
using XenActors.Experiments;
using XenActors.Experiments.Bench;
using XenActors.Experiments.Boot;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors bench</c>: measurements. Nothing here is a test.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure the runtime, or a xenstore daemon.") { Phold(), Boots(), Store(), Block(), XenstoreBenchCommand.Create() };

    private static Command Phold()
    {
        var lps = Options.Number<int>("--lps", 1024, 1, 10_000_000, "Logical processes, one actor each.");
        var population = Options.Number<int>("--population", 16, 1, 1_000_000, "Jobs that start in each process.");
        var remote = Options.Number<double>("--remote", 1.0, 0, 1, "Share of jobs that go to a random process, 0 to 1.");
        var lookahead = Options.Number<double>("--lookahead", 0.1, 1e-6, 1000, "Lookahead, as a fraction of the mean delay.");
        var engine = new Option<string>("--engine") { Description = "sequential or threads.", DefaultValueFactory = _ => "sequential" };
        var partitions = Options.Partitions();
        var events = Options.Number<long>("--events", 20_000_000, 1, long.MaxValue / 2, "Events per repetition.");
        var repetitions = Options.Number<int>("--repetitions", 5, 1, 1000, "Counted repetitions, after one warm-up.");
        var seed = Options.Seed("The seed of the history.");
        var baseline = new Option<bool>("--baseline") { Description = "In turn with a plain 4-ary heap without actors." };
        var save = Options.File("--save", "Write a snapshot to this file at the end.");
        var resume = Options.File("--resume", "Continue from this snapshot.");
        var nodes = new NodesChoice();
        var command = new Command("phold", "PHOLD: events per second through the actor API, in deterministic order.")
        {
            lps, population, remote, lookahead, engine, partitions, events, repetitions, seed, baseline, save, resume,
        };
        nodes.AddTo(command);
        command.SetLongAction((result, cancel) => nodes.Run(result, static () => { }, joined =>
        {
            var options = PholdOptions.Default with
            {
                Processes = result.GetValue(lps),
                Population = result.GetValue(population),
                RemotePerMille = (int)Math.Round(1000 * result.GetValue(remote)),
                Seed = result.GetValue(seed),
            };
            options = options with
            {
                Lookahead = new VirtualDuration((long)(options.Mean.Nanoseconds * result.GetValue(lookahead))),
            };
            var kind = NodesChoice.Engine(
                joined, Options.Engine(result.GetValue(engine)!, result.GetValue(partitions)), null, [options.ToString()], typeof(PholdActor).Assembly);
            var bench = new PholdBench(options, kind, result.GetValue(events), result.GetValue(repetitions));
            var tells = NodesChoice.Tells(joined);
            bench.Run(result.GetValue(baseline), result.GetValue(resume), tells ? result.GetValue(save) : null, tells ? Console.Out : TextWriter.Null, cancel);
            return 0;
        }));
        return command;
    }

    private static Command Store()
    {
        var clients = Options.Number<int>("--clients", 16, 1, 1_000_000, "Actors that ask.");
        var operations = Options.Number<long>("--operations", 1_000_000, 1, 1_000_000_000, "Operations of each load per repetition.");
        var repetitions = Options.Number<int>("--repetitions", 5, 1, 1000, "Counted repetitions, after one warm-up.");
        var seed = Options.Seed("The seed of the history.");
        var command = new Command("store", "The simulation's own xenstore traffic: operations per second through actor, core and reply.") { clients, operations, repetitions, seed };
        command.SetLongAction((result, cancel) =>
        {
            var bench = new StoreBench(result.GetValue(clients), result.GetValue(operations), result.GetValue(repetitions), result.GetValue(seed));
            bench.Run(Console.Out, cancel);
            return 0;
        });
        return command;
    }

    private static Command Block()
    {
        var depth = Options.Number<int>("--depth", 32, 1, 100_000, "Reads that are out at once.");
        var size = Options.Number<int>("--block-size", 4096, 512, 1 << 20, "Bytes of one read, a multiple of 512.");
        var kernel = new Option<string>("--kernel") { Description = "The guest's kernel.", DefaultValueFactory = _ => "debian12-6.1" };
        var host = new Option<string?>("--host") { Description = "The host." };
        var operations = Options.Number<long>("--operations", 1_000_000, 1, 1_000_000_000, "Reads per repetition.");
        var repetitions = Options.Number<int>("--repetitions", 5, 1, 1000, "Counted repetitions, after one warm-up.");
        var seed = Options.Seed("The seed of the history.");
        var command = new Command("block", "Simulated random reads through blkfront, ring, grants, event channels, blkback and disk: how many a wall second.")
        {
            depth, size, kernel, host, operations, repetitions, seed,
        };
        command.SetLongAction((result, cancel) =>
        {
            var options = new BootOptions { Configs = [], Kernel = result.GetValue(kernel)!, Host = result.GetValue(host) };
            var bytes = result.GetValue(size);
            if (bytes % 512 != 0)
            {
                throw new UserErrorException($"--block-size {bytes}: expected a multiple of 512");
            }

            var bench = new BlockBench(
                options, result.GetValue(depth), bytes, result.GetValue(operations), result.GetValue(repetitions), result.GetValue(seed));
            bench.Run(Console.Out, cancel);
            return 0;
        });
        return command;
    }

    private static Command Boots()
    {
        var config = new Argument<string>("CFG") { Description = "An xl configuration file." };
        Options.RefuseUnknown(config);
        var kernel = new Option<string>("--kernel") { Description = "The guest's kernel.", DefaultValueFactory = _ => "debian12-6.1" };
        var host = new Option<string?>("--host") { Description = "The host." };
        var first = Options.Seed("The first seed.");
        var seeds = Options.Number<int>("--seeds", 1000, 1, 100_000_000, "How many seeds.");
        var jobs = Options.Number<int>("--jobs", Math.Min(Environment.ProcessorCount, 1024), 1, 1024, "Boots at a time.");
        var engines = new Option<bool>("--engines") { Description = "Boot each seed again with threads and 1, 2, 3 and 8 partitions, and compare." };
        var command = new Command("boots", "Boot one configuration with many seeds.") { config, kernel, host, first, seeds, jobs, engines };
        command.SetLongAction((result, cancel) =>
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
                result.GetValue(seeds),
                result.GetValue(jobs),
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

            return outcome.Booted == outcome.Runs && outcome.Different.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
