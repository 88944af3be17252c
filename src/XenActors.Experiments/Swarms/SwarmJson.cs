using System.Text.Json;

namespace XenActors.Experiments.Swarms;

/// <summary>A swarm's outcome as one JSON document; virtual times in nanoseconds.</summary>
public static class SwarmJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <param name="coverage">Whether it goes into the document.</param>
    public static void Write(SwarmOutcome outcome, bool coverage, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteNumber("seeds", outcome.Done);
        json.WriteNumber("messages", outcome.Events);
        json.WriteNumber("virtual_s", outcome.VirtualSeconds);
        json.WriteNumber("wall_s", outcome.Wall.TotalSeconds);
        json.WriteStartArray("findings");
        foreach (var found in outcome.Findings)
        {
            json.WriteStartObject();
            json.WriteString("key", found.Key);
            json.WriteString("file", found.File);
            if (found.Violation is { } violation)
            {
                json.WriteString("checker", violation.Checker);
                json.WriteNumber("at_ns", violation.At.Nanoseconds);
                json.WriteString("text", violation.Text);
                json.WriteNumber("seed", found.Seed);
                json.WriteNumber("after_seeds", found.AfterSeeds);
                json.WriteNumber("messages", found.Events);
                json.WriteNumber("shrunk_messages", found.ShrunkEvents);
                json.WriteNumber("shrunk_lines", found.ShrunkLines);
                Ratio(json, "shrunk_ratio", found.Ratio);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        Ratio(json, "median_shrunk_ratio", outcome.MedianRatio);
        if (coverage)
        {
            Coverage(json, outcome.Coverage);
        }

        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Ratio(Utf8JsonWriter json, string name, double? ratio)
    {
        if (ratio is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Coverage(Utf8JsonWriter json, Coverage coverage)
    {
        json.WriteStartObject("coverage");
        foreach (var section in CoverageSection.All(coverage))
        {
            json.WriteStartObject(section.Key);
            json.WriteNumber("of", section.Universe.Count);
            json.WriteStartObject("reached");
            foreach (var (name, count) in section.Reached)
            {
                json.WriteNumber(name, count);
            }

            json.WriteEndObject();
            json.WriteStartArray("never");
            foreach (var name in section.Never)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
