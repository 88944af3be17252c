using System.Globalization;
using System.Text.Json;
using XenActors.Simulation;

namespace XenActors.Experiments.Fio;

/// <summary>Results in the shape of fio's <c>--output-format=json</c> (fio 3.33), with a <c>verify</c> object where a job stamped its writes.</summary>
public static class FioJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <param name="counters">With a <c>xen</c> object of what Xen has counted.</param>
    public static void Write(FioRun run, Stream output, bool counters = false)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        Write(run, json, counters);
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    public static void Write(FioRun run, Utf8JsonWriter json, bool counters = false)
    {
        var states = run.Jobs.SelectMany(run.StatesOf).ToList();
        var end = states.Count == 0 ? 0 : states.Max(s => s.Ended.Nanoseconds);
        json.WriteStartObject();
        json.WriteString("fio version", "fio-3.33");
        json.WriteNumber("timestamp", end / 1_000_000_000);
        json.WriteNumber("timestamp_ms", end / 1_000_000);
        json.WriteString("time", FioReport.Clock(end / 1_000_000_000));
        json.WriteStartArray("jobs");
        states.ForEach(s => Job(json, s));
        json.WriteEndArray();
        json.WriteStartArray("disk_util");
        foreach (var (name, stats) in run.Disks())
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("read_ios", stats.Reads.Ios);
            json.WriteNumber("write_ios", stats.Writes.Ios);
            json.WriteNumber("read_merges", stats.Reads.Merges);
            json.WriteNumber("write_merges", stats.Writes.Merges);
            json.WriteNumber("read_ticks", stats.Reads.Ticks.Nanoseconds / 1_000_000);
            json.WriteNumber("write_ticks", stats.Writes.Ticks.Nanoseconds / 1_000_000);
            json.WriteNumber("in_queue", (stats.Reads.Ticks + stats.Writes.Ticks + stats.Flushes.Ticks).Nanoseconds / 1_000_000);
            var span = end - states.Min(s => s.Started.Nanoseconds);
            json.WriteNumber("util", span == 0 ? 0 : Math.Round(Math.Min(100, 100.0 * stats.Busy.Nanoseconds / span), 6));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (counters)
        {
            FioCounters.Write(run, json);
        }

        json.WriteEndObject();
    }

    private static void Job(Utf8JsonWriter json, FioState state)
    {
        var job = state.Job;
        var runtime = FioReport.Runtime(state);
        json.WriteStartObject();
        json.WriteString("jobname", job.Name);
        json.WriteNumber("groupid", 0);
        json.WriteNumber("error", (int)state.Error);
        json.WriteNumber("eta", 0);
        json.WriteNumber("elapsed", (runtime.Nanoseconds / 1_000_000_000) + 1);
        json.WriteStartObject("job options");
        json.WriteString("name", job.Name);
        json.WriteString("filename", job.Filename);
        json.WriteString("rw", job.PatternName);
        json.WriteString(job.BlockSizeMax > 0 ? "bsrange" : job.BlockSizes.Count > 1 ? "bssplit" : "bs", SizeText(job));
        json.WriteString("iodepth", job.IoDepth.ToString(CultureInfo.InvariantCulture));
        json.WriteString("direct", job.Direct ? "1" : "0");
        json.WriteEndObject();
        Direction(json, "read", state.Reads, runtime);
        Direction(json, "write", state.Writes, runtime);
        Direction(json, "trim", state.Trims, runtime);
        json.WriteStartObject("sync");
        Latency(json, "lat_ns", state.Syncs, percentiles: true);
        json.WriteNumber("total_ios", state.Syncs.Count);
        json.WriteEndObject();
        json.WriteNumber("job_runtime", runtime.Nanoseconds / 1_000_000);
        json.WriteNumber("usr_cpu", 0);
        json.WriteNumber("sys_cpu", Math.Round(Math.Min(100, 100.0 * state.SubmitCost.Nanoseconds * state.Issued / runtime.Nanoseconds), 6));
        json.WriteNumber("ctx", state.Reads.Ios + state.Writes.Ios);
        json.WriteNumber("majf", 0);
        json.WriteNumber("minf", 0);
        Depths(json, state);
        Spread(json, state);
        json.WriteNumber("latency_depth", job.IoDepth);
        json.WriteNumber("latency_target", 0);
        json.WriteNumber("latency_percentile", 100.0);
        json.WriteNumber("latency_window", 0);
        if (state.Ledger is not null)
        {
            var found = state.Findings;
            json.WriteStartObject("verify");
            json.WriteNumber("sectors", found.Checked);
            json.WriteNumber("lost", found.Lost);
            json.WriteNumber("torn", found.Torn);
            json.WriteNumber("stale", found.Stale);
            json.WriteNumber("misplaced", found.Misplaced);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string SizeText(FioJob job) =>
        job.BlockSizeMax > 0 ? $"{job.BlockSizeMin}-{job.BlockSizeMax}"
        : job.BlockSizes.Count > 1 ? string.Join(':', job.BlockSizes.Select(b => $"{b.Bytes}/{b.Percent}"))
        : $"{job.BlockSizeMin}";

    private static void Direction(Utf8JsonWriter json, string name, FioDirection direction, VirtualDuration runtime)
    {
        var active = direction.Ios > 0;
        var seconds = runtime.Nanoseconds / 1e9;
        json.WriteStartObject(name);
        json.WriteNumber("io_bytes", direction.Bytes);
        json.WriteNumber("io_kbytes", direction.Bytes / 1024);
        json.WriteNumber("bw_bytes", (long)(direction.Bytes / seconds));
        json.WriteNumber("bw", (long)(direction.Bytes / 1024.0 / seconds));
        json.WriteNumber("iops", Math.Round(direction.Ios / seconds, 6));
        json.WriteNumber("runtime", active ? runtime.Nanoseconds / 1_000_000 : 0);
        json.WriteNumber("total_ios", direction.Ios);
        json.WriteNumber("short_ios", 0);
        json.WriteNumber("drop_ios", 0);
        Latency(json, "slat_ns", direction.Submission, percentiles: false);
        Latency(json, "clat_ns", direction.Completion, percentiles: true);
        Latency(json, "lat_ns", direction.Total, percentiles: false);
        var bandwidth = active ? SampleStats.Of(direction.SampleBytes, runtime, 1024) ?? default : default;
        var iops = active ? SampleStats.Of(direction.SampleIos, runtime, 1) ?? default : default;
        json.WriteNumber("bw_min", (long)bandwidth.Min);
        json.WriteNumber("bw_max", (long)bandwidth.Max);
        json.WriteNumber("bw_agg", bandwidth.Count == 0 ? 0 : Math.Round(Math.Min(100, 100 * bandwidth.Mean / (direction.Bytes / 1024.0 / seconds)), 6));
        json.WriteNumber("bw_mean", Math.Round(bandwidth.Mean, 6));
        json.WriteNumber("bw_dev", Math.Round(bandwidth.Deviation, 6));
        json.WriteNumber("bw_samples", bandwidth.Count);
        json.WriteNumber("iops_min", (long)iops.Min);
        json.WriteNumber("iops_max", (long)iops.Max);
        json.WriteNumber("iops_mean", Math.Round(iops.Mean, 6));
        json.WriteNumber("iops_stddev", Math.Round(iops.Deviation, 6));
        json.WriteNumber("iops_samples", iops.Count);
        json.WriteEndObject();
    }

    private static void Latency(Utf8JsonWriter json, string name, LatencyHistogram latency, bool percentiles)
    {
        json.WriteStartObject(name);
        json.WriteNumber("min", latency.Count == 0 ? 0 : latency.Min);
        json.WriteNumber("max", latency.Max);
        json.WriteNumber("mean", Math.Round(latency.Mean, 6));
        json.WriteNumber("stddev", Math.Round(latency.Deviation, 6));
        json.WriteNumber("N", latency.Count);
        if (percentiles && latency.Count > 0)
        {
            json.WriteStartObject("percentile");
            foreach (var percent in FioReport.Percentiles)
            {
                json.WriteNumber(percent.ToString("F6", CultureInfo.InvariantCulture), latency.Percentile(percent));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Depths(Utf8JsonWriter json, FioState state)
    {
        string[] names = ["1", "2", "4", "8", "16", "32", ">=64"];
        var all = Math.Max(1, state.Depths.Sum());
        json.WriteStartObject("iodepth_level");
        for (var i = 0; i < names.Length; i++)
        {
            json.WriteNumber(names[i], Math.Round(100.0 * state.Depths[i] / all, 6));
        }

        json.WriteEndObject();
        foreach (var name in new[] { "iodepth_submit", "iodepth_complete" })
        {
            json.WriteStartObject(name);
            foreach (var step in new[] { "0", "4", "8", "16", "32", "64", ">=64" })
            {
                json.WriteNumber(step, step == "4" && state.Issued > 0 ? 100.0 : 0.0);
            }

            json.WriteEndObject();
        }
    }

    private static void Spread(Utf8JsonWriter json, FioState state)
    {
        var all = new LatencyHistogram();
        all.Add(state.Reads.Total);
        all.Add(state.Writes.Total);
        long low = 0;
        foreach (var (name, scale) in new[] { ("latency_ns", 1L), ("latency_us", 1_000L), ("latency_ms", 1_000_000L) })
        {
            json.WriteStartObject(name);
            foreach (var step in new[] { 2, 4, 10, 20, 50, 100, 250, 500, 750, 1000 })
            {
                Step($"{step}", low, step * scale);
                low = step * scale;
            }

            if (scale == 1_000_000)
            {
                Step("2000", low, 2_000_000_000);
                Step(">=2000", 2_000_000_000, long.MaxValue);
            }

            json.WriteEndObject();
        }

        void Step(string step, long from, long to) =>
            json.WriteNumber(step, all.Count == 0 ? 0 : Math.Round(100.0 * all.Between(from - 1, to - 1) / all.Count, 6));
    }
}
