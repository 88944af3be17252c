using System.Globalization;
using System.Text;
using XenActors.Experiments.Fio;
using XenActors.Simulation;

namespace XenActors.Experiments.Compare;

/// <summary>A comparison for people: both paths side by side, and what the cost model implies.</summary>
public static class ComparisonTable
{
    public static string Of(DiskComparison run)
    {
        var text = new StringBuilder();
        var job = run.Job;
        text.Append(CultureInfo.InvariantCulture, $"{job.Name}: rw={job.PatternName} bs={job.BlockSizeMin}{(job.BlockSizeLargest > job.BlockSizeMin ? $"-{job.BlockSizeLargest}" : "")} iodepth={job.IoDepth} numjobs={job.NumJobs} direct={(job.Direct ? 1 : 0)}; host {run.Host.Name}, kernel {run.Kernel}\n\n");
        Row(text, "", run, p => p.Name);
        Row(text, "device", run, p => $"{p.Device} ({p.Driver})");
        Row(text, "IOPS", run, p => Number(p.Iops));
        Row(text, "bandwidth", run, p => $"{FioNumber.BinaryBytes(p.Bandwidth)}/s");
        foreach (var percent in new[] { 50, 99, 99.9 })
        {
            Row(text, string.Create(CultureInfo.InvariantCulture, $"latency {percent}% (us)"), run, p => Number(p.Latency.Percentile(percent) / 1000.0));
        }

        Row(text, "latency max (us)", run, p => Number(p.Latency.Max / 1000.0));
        Row(text, "requests per I/O", run, p => Number(p.Per(p.Requests)));
        Row(text, "exits to QEMU per command", run, p => Number(p.Requests == 0 ? 0 : (double)p.Activity.Ioreqs / p.Requests));
        Row(text, "exits per I/O", run, p => Number(p.Per(p.Activity.AllExits)));
        Row(text, "hypercalls per I/O", run, p => Number(p.Per(p.Activity.AllHypercalls)));
        Row(text, "events per I/O", run, p => Number(p.Per(p.Activity.Events)));
        Row(text, "grant operations per I/O", run, p => Number(p.Per(p.Activity.GrantOperations)));
        Row(text, "bytes copied per I/O", run, p => Number(p.Per(p.Activity.BytesCopied)));
        Row(text, "dom0 CPU (% of one)", run, p => Number(p.Cpu(p.Activity.Dom0Cpu)));
        Row(text, "guest CPU (% of one)", run, p => Number(p.Cpu(p.Activity.GuestCpu)));
        Row(text, "dom0 CPU per I/O (us)", run, p => Number(p.Per(p.Activity.Dom0Cpu.Nanoseconds / 1000.0)));
        Row(text, "guest CPU per I/O (us)", run, p => Number(p.Per(p.Activity.GuestCpu.Nanoseconds / 1000.0)));
        text.Append(CultureInfo.InvariantCulture, $"\nPV / emulated: {run.Factor:0.0} times the IOPS\n\n");
        foreach (var line in CostDerivation.Of(run).Lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, DiskComparison run, Func<DiskPathResult, string> value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name,-26} {value(run.Emulated),20} {value(run.Pv),20}\n");

    private static string Number(double value) =>
        value.ToString(value is 0 or >= 1000 ? "0" : value >= 100 ? "0.#" : "0.##", CultureInfo.InvariantCulture);
}
