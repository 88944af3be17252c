using System.Globalization;
using System.Text.Json;

namespace XenActors.Experiments.Zoo;

/// <summary>What was measured, as a Markdown table's rows or as JSON.</summary>
public static class MeasureText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>The table's first two lines.</summary>
    public static string Heading(MeasureOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"| Defect | Swarm | First seen by, in {options.Runs} searches | Seeds to find: median (least to most) | Shrunk scenario |\n|---|---|---|---|---|\n");

    /// <summary>One line of the table.</summary>
    public static string Row(MeasureOptions options, DefectMeasure measure)
    {
        var missed = measure.Searches - measure.Seeds.Count;
        var median = measure.Median is { } middle ? string.Create(CultureInfo.InvariantCulture, $"{middle:0.#}") : $"more than {options.Seeds}";
        var range = measure.Seeds.Count > 0 ? $" ({measure.Seeds[0]} to {measure.Seeds[^1]}{(missed > 0 ? $"; {missed} found nothing in {options.Seeds}" : "")})" : "";
        var shrunk = measure is { Found: { } found, Shrunk: { } small }
            ? $"{measure.ShrunkLines} lines, {small.Events} of {found.Events} messages"
            : "";
        return $"| {measure.Defect.Name} | {measure.Defect.Swarm} | {string.Join(", ", measure.Checkers.Select(c => $"{c.Key} {c.Value}"))} | {median}{range} | {shrunk} |\n";
    }

    /// <summary>One JSON array, a defect an object.</summary>
    public static void WriteJson(IReadOnlyList<DefectMeasure> measures, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartArray();
        foreach (var measure in measures)
        {
            json.WriteStartObject();
            json.WriteString("name", measure.Defect.Name);
            json.WriteString("swarm", $"hocon/swarm/{measure.Defect.Swarm}.conf");
            json.WriteNumber("searches", measure.Searches);
            json.WriteStartArray("seeds");
            foreach (var seeds in measure.Seeds)
            {
                json.WriteNumberValue(seeds);
            }

            json.WriteEndArray();
            json.WriteStartObject("checkers");
            foreach (var (checker, times) in measure.Checkers)
            {
                json.WriteNumber(checker, times);
            }

            json.WriteEndObject();
            if (measure is { Found: { } found, Shrunk: { } shrunk })
            {
                json.WriteNumber("seed", found.Seed);
                json.WriteNumber("messages", found.Events);
                json.WriteNumber("shrunk_messages", shrunk.Events);
                json.WriteNumber("shrunk_lines", measure.ShrunkLines);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
