using System.Text.Json;
using XenActors.Experiments.Fio;

namespace XenActors.Experiments.Compare;

/// <summary>A comparison as one JSON document; each path's <c>fio</c> has fio's own shape.</summary>
public static class ComparisonJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Write(DiskComparison run, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteString("host", run.Host.Name);
        json.WriteString("kernel", run.Kernel);
        json.WriteString("job", run.Job.Name);
        json.WriteNumber("factor", run.Factor);
        var derived = CostDerivation.Of(run);
        json.WriteStartObject("implied");
        json.WriteNumber("emulated_iops", derived.EmulatedIops);
        json.WriteNumber("pv_iops", derived.PvIops);
        json.WriteNumber("factor", derived.Factor);
        json.WriteStartArray("derivation");
        foreach (var line in derived.Lines)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        Path(json, run.Emulated);
        Path(json, run.Pv);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Path(Utf8JsonWriter json, DiskPathResult path)
    {
        var (activity, latency) = (path.Activity, path.Latency);
        json.WriteStartObject(path.Name);
        json.WriteString("device", path.Device);
        json.WriteString("driver", path.Driver);
        json.WriteNumber("ios", path.Ios);
        json.WriteNumber("requests", path.Requests);
        json.WriteNumber("iops", path.Iops);
        json.WriteNumber("bytes_per_second", path.Bandwidth);
        json.WriteStartObject("latency_ns");
        foreach (var percent in new[] { 1, 5, 10, 50, 90, 95, 99, 99.9 })
        {
            json.WriteNumber(percent.ToString(System.Globalization.CultureInfo.InvariantCulture), latency.Percentile(percent));
        }

        json.WriteNumber("max", latency.Max);
        json.WriteEndObject();
        json.WriteNumber("exits_to_qemu_per_command", path.Requests == 0 ? 0 : (double)activity.Ioreqs / path.Requests);
        FioCounters.WriteActivity(activity, json);
        json.WritePropertyName("fio");
        FioJson.Write(path.Fio, json);
        json.WriteEndObject();
    }
}
