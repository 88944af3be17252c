using System.CommandLine;
using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Compare;
using XenActors.Experiments.Fio;

namespace XenActors.Cli;

/// <summary><c>xenactors compare disk</c>: one job on the emulated and on the PV path, side by side.</summary>
internal static class CompareCommand
{
    public static Command Create() => new("compare", "Run the same thing in two ways, side by side.") { Disk() };

    private static Command Disk()
    {
        var machine = new MachineOptions(ArgumentArity.OneOrMore);
        var job = Options.File("--job", "A job file with one job; its filename gives the partition, each path its own disk.");
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead." };
        var svg = Options.File("--svg", "Write a picture to this file.");
        var command = new Command("disk", "Run a job on a guest's disk through IDE emulation and through blkfront: IOPS, latency, exits, hypercalls, CPU.");
        machine.AddTo(command);
        command.Add(job);
        command.Add(json);
        command.Add(svg);
        command.SetLongAction((result, cancel) =>
            Run(machine.Read(result), result.GetValue(job), result.GetValue(json), result.GetValue(svg), cancel));
        return command;
    }

    private static int Run(BootOptions options, FileInfo? file, bool json, FileInfo? svg, CancellationToken cancel)
    {
        var jobs = file is null ? FioJobFile.Parse(DiskComparison.UsualJob, "the usual job") : FioJobFile.Load(file.ToString());
        if (jobs.Count != 1)
        {
            throw new UserErrorException($"{file}: expected one job to compare but found {jobs.Count}: {string.Join(", ", jobs.Select(j => j.Name))}");
        }

        var run = DiskComparison.Run(options, jobs[0], ProgressLine.Of<string>(p => p), cancel);
        ProgressLine.End();
        if (svg is not null)
        {
            File.WriteAllText(svg.FullName, ComparisonSvg.Of(run));
        }

        if (json)
        {
            ComparisonJson.Write(run, Console.OpenStandardOutput());
        }
        else
        {
            Console.Out.Write(ComparisonTable.Of(run));
        }

        return run.Emulated.Failed || run.Pv.Failed ? 1 : 0;
    }
}
