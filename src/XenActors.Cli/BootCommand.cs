using System.CommandLine;
using System.Globalization;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Timelines;
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
        var stats = new StatsChoice();
        stats.AddTo(command);
        command.SetLongAction((result, cancel) =>
        {
            var options = machine.Read(result);
            var sections = BootSections.Parse(result.GetValue(print), options.Paused);
            nodes.Refuse(result, ("--trace", result.GetValue(trace)), ("--timeline", result.GetValue(timeline)));
            return nodes.Run(result, () => BootSession.Prepare(options).Dispose(), joined => Run(
                options with { Engine = stats.Measure(result, NodesChoice.Engine(joined, options.Engine, static (places, names) => places.Of(new(), names, null), options.Configs, typeof(XenMachine).Assembly, typeof(BootRun).Assembly)) },
                run => stats.Tell(result, run),
                NodesChoice.Tells(joined),
                sections,
                result.GetValue(json),
                result.GetValue(trace),
                result.GetValue(timeline),
                cancel));
        });
        return command;
    }

    private static int Run(
        BootOptions options, Action<Simulator> tellMore, bool tells, IReadOnlyList<string> sections, bool json, FileInfo? trace, FileInfo? timeline, CancellationToken cancel)
    {
        using var session = BootSession.Prepare(options);
        using var traceFile = trace is null ? null : new TraceFile(trace);
        using var timelineFile = timeline is null ? null : Timeline.ToFile(timeline);
        if (tells)
        {
            Preparations.Tell(session);
        }

        var machine = session.Build(options.Seed, options.Engine);
        if (traceFile is not null)
        {
            machine.Simulator.TraceTo(traceFile);
        }

        timelineFile?.Attach(machine.Simulator);
        var ended = BootRun.ToTheEnd(
            machine,
            !tells ? null : ProgressLine.Of<BootProgress>(p => string.Create(
                CultureInfo.InvariantCulture, $"virtual time {p.Now.Nanoseconds / 1e9:0.0} s, {p.Events} messages, {p.GuestsDone} of {p.Guests} guests booted")),
            cancel);
        ProgressLine.End();
        machine.ShutDown(session.Volumes);
        traceFile?.Finish();
        timelineFile?.Finish();
        if (!tells)
        {
            // Node 0 has the same to tell.
        }
        else if (json)
        {
            BootJson.Write(machine, session, Console.OpenStandardOutput());
        }
        else
        {
            BootSections.Write(machine, session, sections, Console.Out);
        }

        if (tells)
        {
            tellMore(machine.Simulator);
        }

        foreach (var refused in (tells ? machine.OperatorState.Answers : []).Where(a => !a.Ok))
        {
            Errors.Tell(refused.Message);
        }

        var good = ended && machine.OperatorState.Answers.All(a => a.Ok) && machine.Guests.All(d => options.Paused || machine.Domain(d).Outcome is { Ok: true });
        return good ? 0 : 1;
    }
}
