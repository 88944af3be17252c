using System.Globalization;
using System.Text;
using XenActors.Guest.Block;
using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>Results in fio's normal output (fio 3.33, <c>stat.c</c>), with a line of what a verifying job has found.</summary>
public static class FioReport
{
    private const string Version = "fio-3.33";
    private static readonly int[] LatencySteps = [2, 4, 10, 20, 50, 100, 250, 500, 750, 1000];

    internal static readonly double[] Percentiles = [1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99];

    /// <param name="counters">What Xen has counted stands behind it.</param>
    public static string Of(FioRun run, bool counters = false)
    {
        var text = new StringBuilder();
        foreach (var job in run.Jobs)
        {
            var size = $"{job.Job.BlockSizeMin}B-{job.Job.BlockSizeLargest}B";
            Line(text, $"{job.Job.Name}: (g=0): rw={job.Job.PatternName}, bs=(R) {size}, (W) {size}, (T) {size}, ioengine={job.Job.Engine}, iodepth={job.Job.IoDepth}");
            text.Append(job.Job.NumJobs > 1 ? "...\n" : "");
        }

        var processes = run.Jobs.Sum(j => j.Actors.Count);
        Line(text, $"{Version}");
        Line(text, $"Starting {processes} process{(processes == 1 ? "" : "es")}");
        var number = 1;
        foreach (var job in run.Jobs)
        {
            foreach (var state in run.StatesOf(job))
            {
                Job(text, state, number++);
            }
        }

        Group(text, run);
        Disks(text, run);
        if (counters)
        {
            text.Append(FioCounters.Of(run));
        }

        return text.ToString();
    }

    private static void Job(StringBuilder text, FioState state, int number)
    {
        var error = state.Error == BlockErrno.None ? " 0" : $"{(int)state.Error,2} (func=xfer, error={Words(state.Error)})";
        var time = Clock(state.Ended.Nanoseconds / 1_000_000_000);
        text.Append('\n');
        Line(text, $"{state.Job.Name}: (groupid=0, jobs=1): err={error}: pid={number}: {time}");
        var runtime = Runtime(state);
        if (state.Reads.Ios > 0)
        {
            Direction(text, "read", state, state.Reads, runtime, "");
        }

        if (state.Writes.Ios > 0)
        {
            Direction(text, "write", state, state.Writes, runtime, "; 0 zone resets");
        }

        if (state.Syncs.Count > 0)
        {
            text.Append("  fsync/fdatasync/sync_file_range:\n");
            Latency(text, "    sync", state.Syncs);
            PercentileLines(text, "sync", state.Syncs);
        }

        Spread(text, state);
        var busy = runtime.Nanoseconds == 0 ? 0 : 100.0 * state.SubmitCost.Nanoseconds * state.Issued / runtime.Nanoseconds;
        Line(text, $"  cpu          : usr=0.00%, sys={Math.Min(100, busy):F2}%, ctx={state.Reads.Ios + state.Writes.Ios}, majf=0, minf=0");
        Depths(text, state);
        Line(text, $"     issued rwts: total={state.Reads.Ios},{state.Writes.Ios},{state.Trims.Ios},{state.Syncs.Count} short=0,0,0,0 dropped=0,0,0,0");
        Line(text, $"     latency   : target=0, window=0, percentile=100.00%, depth={state.Job.IoDepth}");
        if (state.Ledger is not null)
        {
            var found = state.Findings;
            Line(text, $"     verify    : sectors={found.Checked}, lost={found.Lost}, torn={found.Torn}, stale={found.Stale}, misplaced={found.Misplaced}");
            foreach (var words in found.Words)
            {
                Line(text, $"       {words}");
            }
        }
    }

    private static void Direction(StringBuilder text, string name, FioState state, FioDirection direction, VirtualDuration runtime, string tail)
    {
        var seconds = runtime.Nanoseconds / 1e9;
        Line(text, $"  {name}: IOPS={FioNumber.Count(direction.Ios / seconds)}, BW={FioNumber.Rate(direction.Bytes / seconds)}({FioNumber.BinaryBytes(direction.Bytes)}/{runtime.Nanoseconds / 1_000_000}msec){tail}");
        if (state.Job.IoDepth > 1)
        {
            Latency(text, "    slat", direction.Submission);
        }

        Latency(text, "    clat", direction.Completion);
        Latency(text, "     lat", direction.Total);
        PercentileLines(text, "clat", direction.Completion);
        Samples(text, direction, runtime);
    }

    private static void Latency(StringBuilder text, string name, LatencyHistogram latency)
    {
        var (unit, scale) = UnitOf(latency.Min, latency.Max, latency.Deviation);
        Line(text, $"{name} ({unit}): min={FioNumber.Count(latency.Min / scale, 6)}, max={FioNumber.Count(latency.Max / scale, 6)}, avg={latency.Mean / scale,5:F2}, stdev={latency.Deviation / scale,5:F2}");
    }

    // fio's nsec_to_usec and nsec_to_msec.
    private static (string Unit, long Scale) UnitOf(long min, long max, double deviation) =>
        min > 2_000_000 && max > 99_999_999 && deviation > 1_000_000 ? ("msec", 1_000_000)
        : min > 2_000 && max > 99_999 && deviation > 1_000 ? ("usec", 1_000)
        : ("nsec", 1);

    private static void PercentileLines(StringBuilder text, string name, LatencyHistogram latency)
    {
        const int perLine = 4;
        var (least, most) = (latency.Percentile(Percentiles[0]), latency.Percentile(Percentiles[^1]));
        var (unit, scale) = least > 2_000_000 && most > 99_999_999 ? ("msec", 1_000_000) : least > 2_000 && most > 99_999 ? ("usec", 1_000) : ("nsec", 1);
        Line(text, $"    {name} percentiles ({unit}):");
        for (var i = 0; i < Percentiles.Length; i++)
        {
            var last = i == Percentiles.Length - 1;
            text.Append(i % perLine == 0 ? "     |" : "");
            text.Append(CultureInfo.InvariantCulture, $" {Percentiles[i],5:F2}th=[{latency.Percentile(Percentiles[i]) / scale,5}]{(last ? "" : ",")}");
            text.Append(last || i % perLine == perLine - 1 ? "\n" : "");
        }
    }

    private static void Samples(StringBuilder text, FioDirection direction, VirtualDuration runtime)
    {
        if (SampleStats.Of(direction.SampleBytes, runtime, 1024) is not { } bandwidth || SampleStats.Of(direction.SampleIos, runtime, 1) is not { } iops)
        {
            return;
        }

        // fio goes to MiB above 1 GiB a second.
        var (unit, scale) = bandwidth.Mean > 1024 * 1024 ? ("  MiB/s", 1024) : ("  KiB/s", 1);
        var whole = direction.Bytes / 1024.0 / (runtime.Nanoseconds / 1e9);
        Line(text, $"   bw ({unit}): min={(long)bandwidth.Min / scale,5}, max={(long)bandwidth.Max / scale,5}, per={Math.Min(100, 100 * bandwidth.Mean / whole):F2}%, avg={bandwidth.Mean / scale,5:F2}, stdev={bandwidth.Deviation / scale,5:F2}, samples={bandwidth.Count}");
        Line(text, $"   iops        : min={(long)iops.Min,5}, max={(long)iops.Max,5}, avg={iops.Mean,5:F2}, stdev={iops.Deviation,5:F2}, samples={iops.Count}");
    }

    private static void Spread(StringBuilder text, FioState state)
    {
        var all = new LatencyHistogram();
        all.Add(state.Reads.Total);
        all.Add(state.Writes.Total);
        long low = 0;
        foreach (var (unit, scale) in new[] { ("nsec", 1L), ("usec", 1_000L), ("msec", 1_000_000L) })
        {
            var shown = 0;
            foreach (var step in LatencySteps)
            {
                Step($"{step}", all.Between(low - 1, (step * scale) - 1));
                low = step * scale;
            }

            if (scale == 1_000_000)
            {
                Step("2000", all.Between(low - 1, 2_000_000_000 - 1));
                Step(">=2000", all.Between(2_000_000_000 - 1, long.MaxValue));
            }

            text.Append(shown > 0 ? "\n" : "");

            void Step(string name, long count)
            {
                if (count == 0)
                {
                    return;
                }

                text.Append(shown == 0 ? $"  lat ({unit})   : " : shown % 5 == 0 ? $"\n  lat ({unit})   : " : ", ");
                text.Append(CultureInfo.InvariantCulture, $"{name}={Share(count, all.Count):F2}%");
                shown++;
            }
        }
    }

    // What there is at all shows.
    private static double Share(long count, long all, double least = 0.01) => count == 0 || all == 0 ? 0 : Math.Max(least, 100.0 * count / all);

    private static void Depths(StringBuilder text, FioState state)
    {
        string[] names = ["1", "2", "4", "8", "16", "32", ">=64"];
        var all = state.Depths.Sum();
        Line(text, $"  IO depths    : {string.Join(", ", names.Select((n, i) => string.Create(CultureInfo.InvariantCulture, $"{n}={Share(state.Depths[i], all, 0.1):F1}%")))}");
        foreach (var name in new[] { "submit    ", "complete  " })
        {
            Line(text, $"     {name}: 0=0.0%, 4={(all > 0 ? 100.0 : 0):F1}%, 8=0.0%, 16=0.0%, 32=0.0%, 64=0.0%, >=64=0.0%");
        }
    }

    private static void Group(StringBuilder text, FioRun run)
    {
        var states = run.Jobs.SelectMany(run.StatesOf).ToList();
        text.Append("\nRun status group 0 (all jobs):\n");
        foreach (var (name, pick) in new (string, Func<FioState, FioDirection>)[] { ("   READ", s => s.Reads), ("  WRITE", s => s.Writes) })
        {
            var active = states.Where(s => pick(s).Ios > 0).ToList();
            if (active.Count == 0)
            {
                continue;
            }

            var bytes = active.Sum(s => pick(s).Bytes);
            var rates = active.Select(s => pick(s).Bytes / (Runtime(s).Nanoseconds / 1e9)).ToList();
            var times = active.Select(s => Runtime(s).Nanoseconds / 1_000_000).ToList();
            var total = bytes / (active.Max(s => Runtime(s).Nanoseconds) / 1e9);
            var (least, most) = (rates.Min(), rates.Max());
            Line(text, $"{name}: bw={FioNumber.Rate(total)}, {FioNumber.BinaryBytes(least)}/s-{FioNumber.BinaryBytes(most)}/s ({FioNumber.DecimalBytes(least)}/s-{FioNumber.DecimalBytes(most)}/s), io={FioNumber.BinaryBytes(bytes)} ({FioNumber.DecimalBytes(bytes)}), run={times.Min()}-{times.Max()}msec");
        }
    }

    private static void Disks(StringBuilder text, FioRun run)
    {
        var states = run.Jobs.SelectMany(run.StatesOf).ToList();
        var span = states.Count == 0 ? 0 : states.Max(s => s.Ended.Nanoseconds) - states.Min(s => s.Started.Nanoseconds);
        text.Append("\nDisk stats (read/write):\n");
        foreach (var (name, stats) in run.Disks())
        {
            long Ms(VirtualDuration d) => d.Nanoseconds / 1_000_000;
            var util = span == 0 ? 0 : Math.Min(100, 100.0 * stats.Busy.Nanoseconds / span);
            Line(text, $"  {name}: ios={stats.Reads.Ios}/{stats.Writes.Ios}, merge={stats.Reads.Merges}/{stats.Writes.Merges}, ticks={Ms(stats.Reads.Ticks)}/{Ms(stats.Writes.Ticks)}, in_queue={Ms(stats.Reads.Ticks + stats.Writes.Ticks + stats.Flushes.Ticks)}, util={util:F2}%");
        }
    }

    // ctime(3), of a clock that began with the simulation.
    internal static string Clock(long seconds)
    {
        var time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{time:ddd MMM} {time.Day,2} {time:HH:mm:ss yyyy}");
    }

    internal static VirtualDuration Runtime(FioState state) => state.Ended > state.Started ? state.Ended - state.Started : new(1);

    private static string Words(BlockErrno error) => error switch
    {
        BlockErrno.EPERM => "Operation not permitted",
        BlockErrno.EIO => "Input/output error",
        BlockErrno.ENXIO => "No such device or address",
        BlockErrno.EBADF => "Bad file descriptor",
        BlockErrno.EINVAL => "Invalid argument",
        BlockErrno.ENOSPC => "No space left on device",
        BlockErrno.EOPNOTSUPP => "Operation not supported",
        BlockErrno.ENOMEDIUM => "No medium found",
        _ => error.ToString(),
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
