using System.CommandLine;
using System.Globalization;
using System.Reflection;
using XenActors.Cluster;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Timelines;
using XenActors.Experiments.Volumes;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors boot</c>: creates guests from their xl files, boots them, and prints what they saw.</summary>
internal static class BootCommand
{
    public static Command Create()
    {
        var machine = new MachineOptions(ArgumentArity.OneOrMore);
        var print = new Option<string?>("--print") { Description = $"What to print, comma separated: {string.Join(", ", BootSections.All)}." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var trace = Options.File("--trace", "Write every message to this file.");
        var timeline = Options.File("--timeline", "Write a trace for the Perfetto viewer (ui.perfetto.dev) to this file.");
        var command = new Command("boot", "Boot guests from their xl configuration files and print what they saw.")
        {
            print, json, trace, timeline,
        };
        machine.AddTo(command);
        var nodes = new NodesChoice();
        nodes.AddTo(command);
        var checkpoints = new CheckpointChoice();
        checkpoints.AddTo(command);
        var stats = new StatsChoice();
        stats.AddTo(command);
        command.SetLongAction((result, cancel) =>
        {
            var options = machine.Read(result);
            var sections = BootSections.Parse(result.GetValue(print), options.Paused);
            nodes.Refuse(result, ("--trace", result.GetValue(trace)), ("--timeline", result.GetValue(timeline)));
            var directory = checkpoints.Directory(result);
            var (every, resumed) = (checkpoints.Interval(result), checkpoints.Resumed(result));
            return nodes.Run(result, () => BootSession.Prepare(options).Dispose(), joined => Run(
                (joined, directory, every, resumed),
                options with { Engine = stats.Measure(result, NodesChoice.Engine(joined, options.Engine, static (places, names) => places.Of(new(), names, null), options.Configs, Assemblies)) },
                run => stats.Tell(result, run),
                NodesChoice.Tells(joined),
                sections,
                result.GetValue(json),
                result.GetValue(trace),
                result.GetValue(timeline),
                cancel), directory);
        });
        return command;
    }

    private static int Run(
        (MpiNodes? Joined, CheckpointDirectory? Directory, VirtualDuration Every, CheckpointDirectory? Resumed) saving, BootOptions options, Action<Simulator> tellMore, bool tells, IReadOnlyList<string> sections, bool json, FileInfo? trace, FileInfo? timeline, CancellationToken cancel)
    {
        using var session = BootSession.Prepare(options);
        using var traceFile = trace is null ? null : new TraceFile(trace);
        using var timelineFile = timeline is null ? null : Timeline.ToFile(timeline);
        if (tells)
        {
            Preparations.Tell(session);
        }

        // With checkpoints the disks' files stay as they were until the end.
        var overlay = saving is { Directory: null, Resumed: null } ? null : new OverlayVolumes(session.Volumes);
        var machine = overlay is null ? session.Build(options.Seed, options.Engine) : XenMachine.Build(session.Host, session.Orders, overlay, options.Seed, options.Engine);
        Checkpoints? checkpoints = overlay is null ? null : new(machine.Simulator, overlay, saving.Joined, About(options), new(Assemblies));
        if (traceFile is not null)
        {
            machine.Simulator.TraceTo(traceFile);
        }

        timelineFile?.Attach(machine.Simulator);
        if (saving.Resumed is { } from)
        {
            machine.Simulator.MirrorsAfterRuns = true;
            checkpoints!.Continue(from);
        }

        var progress = !tells ? null : ProgressLine.Of<BootProgress>(p => string.Create(
            CultureInfo.InvariantCulture, $"virtual time {p.Now.Nanoseconds / 1e9:0.0} s, {p.Events} messages, {p.GuestsDone} of {p.Guests} guests booted"));
        var ended = BootRun.ToTheEnd(
            machine,
            p =>
            {
                progress?.Invoke(p);
                if (saving.Directory is { } directory)
                {
                    checkpoints!.Write(directory, saving.Every);
                }
            },
            cancel);
        ProgressLine.End();
        machine.ShutDown(overlay is null ? session.Volumes : overlay);
        overlay?.Commit();
        traceFile?.Finish();
        timelineFile?.Finish();

        // Node 0 tells what all nodes know.
        if (tells)
        {
            if (json)
            {
                BootJson.Write(machine, session, Console.OpenStandardOutput());
            }
            else
            {
                BootSections.Write(machine, session, sections, Console.Out);
            }

            tellMore(machine.Simulator);
            foreach (var refused in machine.OperatorState.Answers.Where(a => !a.Ok))
            {
                Errors.Tell(refused.Message);
            }
        }

        var good = ended && machine.OperatorState.Answers.All(a => a.Ok) && machine.Guests.All(d => options.Paused || machine.Domain(d).Outcome is { Ok: true });
        return good ? 0 : 1;
    }

    private static readonly Assembly[] Assemblies = [typeof(XenMachine).Assembly, typeof(BootRun).Assembly];

    private static string About(BootOptions options) => string.Join(
        ' ', [BuildId.Of([typeof(Simulator).Assembly, .. Assemblies]), $"seed {options.Seed}", options.Host, options.Kernel, options.CommandLine, options.Paused ? "paused" : "", .. options.Configs.Select(NodesChoice.Content)]);
}
