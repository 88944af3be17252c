using System.Globalization;
using System.Text;
using System.Text.Json;
using XenActors.Simulation;

namespace XenActors.Experiments.Placement;

/// <summary>What each partition of a run has done, and how evenly: as a table, or as JSON.</summary>
public static class RunStatistics
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static string Text(Simulator simulator)
    {
        var all = simulator.Statistics;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"partition",9} {"node",4} {"processes",9} {"events",12} {"windows",10} {"with events",11} {"mean step",12} {"crossed",10} {"running",9} {"exchange",9}\n");
        foreach (var one in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"{one.Partition,9} {one.Node,4} {one.Processes,9} {one.Events,12} {one.Windows,10} {one.Busy,11} {Step(simulator, one) / 1e3,9:0.###} us {one.Crossed,10} {one.Running.TotalSeconds,7:0.00} s {100 * Share(one),7:0.0} %\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"lookahead {simulator.Lookahead.Nanoseconds / 1e3:0.###} us; imbalance {Imbalance(all, static p => p.Events):0.00} by events, {Imbalance(all, Working):0.00} by time (the busiest partition over the mean)\n");
        return text.ToString();
    }

    public static void WriteJson(Simulator simulator, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        var all = simulator.Statistics;
        json.WriteStartObject();
        json.WriteNumber("lookahead_ns", simulator.Lookahead.Nanoseconds);
        json.WriteNumber("imbalance_events", Imbalance(all, static p => p.Events));
        json.WriteNumber("imbalance_time", Imbalance(all, Working));
        json.WriteStartArray("partitions");
        foreach (var one in all)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", one.Partition);
            json.WriteNumber("node", one.Node);
            json.WriteNumber("processes", one.Processes);
            json.WriteNumber("events", one.Events);
            json.WriteNumber("windows", one.Windows);
            json.WriteNumber("windows_with_events", one.Busy);
            json.WriteNumber("mean_step_ns", Step(simulator, one));
            json.WriteNumber("messages_to_other_nodes", one.Crossed);
            json.WriteNumber("running_s", one.Running.TotalSeconds);
            json.WriteNumber("exchange_s", one.Exchanging.TotalSeconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // How far a window has brought virtual time: the mean lookahead that could be used.
    private static double Step(Simulator simulator, in PartitionStatistics one) => one.Windows == 0 ? 0 : (double)simulator.LastEventTime.Nanoseconds / one.Windows;

    private static double Share(in PartitionStatistics one) => one.Running == TimeSpan.Zero ? 0 : one.Exchanging / one.Running;

    private static double Working(PartitionStatistics one) => (one.Running - one.Exchanging).TotalSeconds;

    private static double Imbalance(IReadOnlyList<PartitionStatistics> all, Func<PartitionStatistics, double> of) => all.Sum(of) is > 0 and var sum ? all.Max(of) * all.Count / sum : 1;
}
