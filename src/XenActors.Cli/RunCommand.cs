using System.CommandLine;
using System.Globalization;
using XenActors.Experiments.Placement;
using XenActors.Experiments.Scenarios;
using XenActors.Experiments.Timelines;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary><c>xenactors run</c>: a scenario file, once; exit code 0 when all checkers hold, 1 when one failed.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var scenario = new Argument<string>("SCENARIO") { Description = "A scenario file." };
        var seed = Options.Number<ulong>("--seed", 0, 0, ulong.MaxValue, "The seed instead of the file's.");
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var trace = Options.File("--trace", "Write every message to this file.");
        var timeline = Options.File("--timeline", "Write a trace for the Perfetto viewer (ui.perfetto.dev) to this file.");
        var verify = new Option<bool>("--verify") { Description = "Run it twice more, on one thread and on two: the histories must be one." };
        var engine = new EngineChoice();
        var command = new Command("run", "Run a scenario: print what ran, what was injected, and what each checker saw.") { scenario, seed, json, trace, timeline, verify };
        engine.AddTo(command);
        var nodes = new NodesChoice();
        nodes.AddTo(command);
        var stats = new StatsChoice();
        stats.AddTo(command);
        command.SetLongAction((result, cancel) =>
        {
            var read = ScenarioFile.Load(result.GetValue(scenario)!, Profiles);
            read = result.GetValue(verify) ? read with { Verify = true } : read;
            var chosen = result.GetResult(seed) is { Implicit: false } ? result.GetValue(seed) : read.Seed;
            var asked = engine.Read(result);
            nodes.Refuse(result, ("--trace", result.GetValue(trace)), ("--timeline", result.GetValue(timeline)));
            return nodes.Run(result, () => TopologyCommand.Owners(read, chosen, nodes.Count(result), asked.Partitions, null), joined => Run(
                read,
                chosen,
                stats.Measure(result, NodesChoice.Engine(joined, asked, Placement(read, chosen, joined is not null), [result.GetValue(scenario)!], typeof(XenMachine).Assembly, typeof(ScenarioRun).Assembly)),
                run => stats.Tell(result, run),
                NodesChoice.Tells(joined),
                result.GetValue(json),
                result.GetValue(trace),
                result.GetValue(timeline),
                cancel));
        });
        return command;
    }

    /// <summary>Profiles and <c>reference.conf</c> lie beside the command.</summary>
    public static string Profiles => Path.Combine(AppContext.BaseDirectory, "hocon");

    // Every node measures for itself, and finds the same.
    private static Func<Places, IReadOnlyList<string>, IReadOnlyList<int>> Placement(Scenario scenario, ulong seed, bool severalNodes)
    {
        var loads = severalNodes && scenario.Placement.Strategy == PlacementStrategy.Balanced ? MeasuredLoad.Of(scenario, seed, Profiles).Handled : null;
        return (places, names) => places.Of(scenario.Placement, names, loads);
    }

    private static int Run(Scenario scenario, ulong seed, EngineOptions engine, Action<Simulator> tellMore, bool tells, bool json, FileInfo? trace, FileInfo? timeline, CancellationToken cancel)
    {
        using var traceFile = trace is null ? null : new TraceFile(trace);
        using var timelineFile = timeline is null ? null : Timeline.ToFile(timeline);
        var run = ScenarioRun.Prepare(scenario, seed, engine, Profiles);
        if (traceFile is not null)
        {
            run.Machine.Simulator.TraceTo(traceFile);
        }

        if (timelineFile is not null)
        {
            timelineFile.Attach(run.Machine.Simulator);
            run.Mark = timelineFile.Mark;
        }

        if (json)
        {
            run.Machine.Simulator.CountMessages();
        }

        var outcome = run.ToTheEnd(tells ? Progress() : null, cancel);
        ProgressLine.End();
        traceFile?.Finish();
        timelineFile?.Finish();

        // Node 0 tells what all nodes know.
        if (tells)
        {
            if (json)
            {
                ScenarioJson.Write(outcome, Console.OpenStandardOutput());
            }
            else
            {
                Console.Out.Write(ScenarioText.Of(outcome));
            }

            tellMore(run.Machine.Simulator);
        }

        return outcome.Holds ? 0 : 1;
    }

    /// <summary>How far a run has come, on the terminal.</summary>
    public static Action<ScenarioProgress>? Progress() => ProgressLine.Of<ScenarioProgress>(p => string.Create(
        CultureInfo.InvariantCulture, $"virtual time {p.Now.Nanoseconds / 1e9:0.0} s, {p.Events} messages, {p.WorkloadsDone} of {p.Workloads} workloads done, {p.Violations} violations"));
}
