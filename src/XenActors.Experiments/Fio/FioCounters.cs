using System.Globalization;
using System.Text;
using System.Text.Json;
using XenActors.Experiments.Compare;

namespace XenActors.Experiments.Fio;

/// <summary>
/// What fio does not know of: exits, hypercalls, events, grant operations and CPU that the jobs have cost, as a tail of its report and as an object of its
/// JSON. dom0's are all of dom0's in that time.
/// </summary>
public static class FioCounters
{
    public static string Of(FioRun run)
    {
        var (activity, ios) = (run.Activity, Ios(run));
        var text = new StringBuilder("\nXen counters (per I/O):\n");
        List(text, "exits", activity.Exits.Select(e => (e.Key.ToString(), e.Value)), ios);
        List(text, "hypercalls", activity.Hypercalls.Select(h => (h.Key, h.Value)), ios);
        text.Append(CultureInfo.InvariantCulture, $"  events       : dom0={Each(activity.Dom0Events, ios)}, guest={Each(activity.Events - activity.Dom0Events, ios)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  grants       : maps={Each(activity.Maps, ios)}, unmaps={Each(activity.Unmaps, ios)}, copies={Each(activity.Copies, ios)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  copied       : hypervisor={Each(activity.GrantBytesCopied, ios)}B, guest={Each(activity.BytesCopied - activity.GrantBytesCopied, ios)}B\n");
        text.Append(CultureInfo.InvariantCulture, $"  cpu (usec)   : dom0={Each(activity.Dom0Cpu.Nanoseconds / 1000.0, ios)}, guest={Each(activity.GuestCpu.Nanoseconds / 1000.0, ios)}\n");
        return text.ToString();
    }

    /// <summary>The object <c>xen</c>, totals.</summary>
    public static void Write(FioRun run, Utf8JsonWriter json)
    {
        var activity = run.Activity;
        json.WriteStartObject("xen");
        json.WriteNumber("ios", Ios(run));
        WriteActivity(activity, json);
        json.WriteEndObject();
    }

    internal static void WriteActivity(DomainActivity activity, Utf8JsonWriter json)
    {
        json.WriteStartObject("exits");
        foreach (var (kind, count) in activity.Exits)
        {
            json.WriteNumber(kind.ToString(), count);
        }

        json.WriteEndObject();
        json.WriteStartObject("hypercalls");
        foreach (var (name, count) in activity.Hypercalls)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
        json.WriteNumber("events", activity.Events);
        json.WriteNumber("grant_operations", activity.GrantOperations);
        json.WriteNumber("bytes_copied", activity.BytesCopied);
        json.WriteNumber("dom0_cpu_ns", activity.Dom0Cpu.Nanoseconds);
        json.WriteNumber("guest_cpu_ns", activity.GuestCpu.Nanoseconds);
    }

    private static long Ios(FioRun run) => run.Jobs.SelectMany(run.StatesOf).Sum(s => s.Reads.Ios + s.Writes.Ios);

    private static void List(StringBuilder text, string name, IEnumerable<(string Name, long Count)> counts, long ios) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-13}: {string.Join(", ", counts.Select(c => $"{c.Name}={Each(c.Count, ios)}"))}\n");

    private static string Each(double count, long ios) => (count / Math.Max(1, ios)).ToString("0.###", CultureInfo.InvariantCulture);
}
