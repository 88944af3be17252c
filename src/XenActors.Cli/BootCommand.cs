using System.CommandLine;
using System.Globalization;
using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors boot</c>: creates guests from their xl files, boots them, and prints what they saw.</summary>
internal static class BootCommand
{
    public static Command Create()
    {
        var configs = new Argument<string[]>("CFG") { Description = "xl configuration files, one guest each.", Arity = ArgumentArity.OneOrMore };
        Options.RefuseUnknown(configs);
        var kernel = new Option<string>("--kernel") { Description = "The guests' kernel: a profile's name or a file.", DefaultValueFactory = _ => "debian12-6.1" };
        var commandLine = new Option<string?>("--cmdline") { Description = "The kernel's command line instead of the file's." };
        var seed = Options.Seed("The seed of the history.");
        var host = new Option<string?>("--host") { Description = "The host: a profile's name or a file; by default the one that goes with the kernel." };
        var volume = new Option<string[]>("--volume") { Description = "PATH=IMAGE: the image behind a path that a configuration names. May repeat." };
        var print = new Option<string?>("--print") { Description = $"What to print, comma separated: {string.Join(", ", BootSections.All)}." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var trace = Options.File("--trace", "Write every message to this file.");
        var paused = new Option<bool>("--paused") { Description = "Create the guests and leave them paused." };
        var engine = new Option<string>("--engine") { Description = "sequential or threads.", DefaultValueFactory = _ => "sequential" };
        var partitions = Options.Partitions();
        var command = new Command("boot", "Boot guests from their xl configuration files and print what they saw.")
        {
            configs, kernel, commandLine, seed, host, volume, print, json, trace, paused, engine, partitions,
        };
        command.SetAction((result, cancel) =>
        {
            var options = new BootOptions
            {
                Configs = result.GetValue(configs)!,
                Kernel = result.GetValue(kernel)!,
                CommandLine = result.GetValue(commandLine),
                Seed = result.GetValue(seed),
                Host = result.GetValue(host),
                Volumes = [.. (result.GetValue(volume) ?? []).Select(ParseVolume)],
                Paused = result.GetValue(paused),
                Engine = Options.Engine(result.GetValue(engine)!, result.GetValue(partitions)),
            };
            var sections = BootSections.Parse(result.GetValue(print), options.Paused);
            return Task.FromResult(Run(options, sections, result.GetValue(json), result.GetValue(trace), cancel));
        });
        return command;
    }

    private static int Run(BootOptions options, IReadOnlyList<string> sections, bool json, FileInfo? trace, CancellationToken cancel)
    {
        using var session = BootSession.Prepare(options);
        using var traceFile = trace is null ? null : new TraceFile(trace);
        foreach (var warning in session.Warnings)
        {
            Errors.Tell(warning);
        }

        foreach (var volume in session.Volumes.Reports.Where(v => v.Made))
        {
            Errors.Tell(string.Create(
                CultureInfo.InvariantCulture, $"{volume.Path}: this machine lacks it; made for this run by the host profile, sparse, {volume.Bytes / 1024} KiB"));
        }

        var machine = session.Build(options.Seed, options.Engine);
        if (traceFile is not null)
        {
            machine.Simulator.TraceTo(traceFile);
        }

        var ended = BootRun.ToTheEnd(machine, Progress(), cancel);
        EndProgress();
        traceFile?.Finish();
        if (json)
        {
            BootJson.Write(machine, session, Console.OpenStandardOutput());
        }
        else
        {
            BootSections.Write(machine, session, sections, Console.Out);
        }

        foreach (var refused in machine.OperatorState.Answers.Where(a => !a.Ok))
        {
            Errors.Tell(refused.Message);
        }

        var good = ended && machine.OperatorState.Answers.All(a => a.Ok) && machine.Guests.All(d => options.Paused || machine.Domain(d).Outcome is { Ok: true });
        return good ? 0 : 1;
    }

    private static (string Path, string Image) ParseVolume(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals < text.Length - 1
            ? (text[..equals], text[(equals + 1)..])
            : throw new UserErrorException($"--volume: expected PATH=IMAGE but found {text}");
    }

    // One line that is written over itself, and only where somebody watches.
    private static Action<BootProgress>? Progress() => Console.IsErrorRedirected
        ? null
        : p => Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\rvirtual time {p.Now.Nanoseconds / 1e9:0.0} s, {p.Events} messages, {p.GuestsDone} of {p.Guests} guests booted "));

    private static void EndProgress()
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write("\r" + new string(' ', 78) + "\r");
        }
    }
}
