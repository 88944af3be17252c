using System.CommandLine;
using System.Globalization;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Fio;

namespace XenActors.Cli;

/// <summary><c>xenactors fio</c>: boots guests and runs the jobs of a file in them.</summary>
internal static class FioCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("JOBFILE") { Description = "A job file: fio's settings in HOCON." };
        Options.RefuseUnknown(file);
        var machine = new MachineOptions(ArgumentArity.OneOrMore);
        var json = new Option<bool>("--json") { Description = "Print fio's JSON instead." };
        var counters = new Option<bool>("--counters") { Description = "Say also what an I/O cost in exits, hypercalls, events, grant operations and CPU." };
        var command = new Command("fio", "Boot guests, run the jobs of a fio-style job file on their disks, and print what fio prints.") { file };
        machine.AddTo(command);
        command.Add(json);
        command.Add(counters);
        command.SetLongAction((result, cancel) =>
            Run(result.GetValue(file)!, machine.Read(result), result.GetValue(json), result.GetValue(counters), cancel));
        return command;
    }

    private static int Run(string file, BootOptions options, bool json, bool counters, CancellationToken cancel)
    {
        var jobs = FioJobFile.Load(file);
        using var session = BootSession.Prepare(options);
        Preparations.Tell(session);
        var machine = session.Build(options.Seed, options.Engine);
        BootRun.ToTheEnd(machine, null, cancel);
        var run = FioRun.Start(machine, jobs, session.Host);
        var answered = run.ToTheEnd(
            ProgressLine.Of<Simulation.VirtualTime>(now => string.Create(CultureInfo.InvariantCulture, $"virtual time {now.Nanoseconds / 1e9:0.0} s")), cancel);
        ProgressLine.End();
        machine.ShutDown(session.Volumes);
        if (json)
        {
            FioJson.Write(run, Console.OpenStandardOutput(), counters);
        }
        else
        {
            Console.Out.Write(FioReport.Of(run, counters));
        }

        if (!answered)
        {
            Errors.Tell("a disk does not answer any more: the jobs were given up");
        }

        var states = run.Jobs.SelectMany(run.StatesOf).ToList();
        return answered && states.TrueForAll(s => s.Error == 0 && s.Findings.Bad == 0) ? 0 : 1;
    }
}
