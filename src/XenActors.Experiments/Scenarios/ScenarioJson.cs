using System.Text.Json;
using XenActors.Simulation;

namespace XenActors.Experiments.Scenarios;

/// <summary>A run's outcome as one JSON document; times in nanoseconds of virtual time.</summary>
public static class ScenarioJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Write(ScenarioOutcome outcome, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteString("scenario", outcome.Scenario.Name);
        json.WriteNumber("seed", outcome.Seed);
        json.WriteString("fingerprint", outcome.Fingerprint.ToString());
        json.WriteNumber("messages", outcome.Events);
        json.WriteNumber("end_ns", outcome.End.Nanoseconds);
        json.WriteString("ended_by", outcome.EndedBy);
        json.WriteBoolean("holds", outcome.Holds);
        Each(json, "domains", outcome.Domains, (j, d) =>
        {
            j.WriteNumber("domain", d.Domain);
            j.WriteString("name", d.Name);
            j.WriteString("state", d.State);
        });
        Each(json, "workloads", outcome.Workloads, (j, w) =>
        {
            j.WriteString("name", w.Name);
            j.WriteString("kind", w.Kind);
            j.WriteString("domain", w.Domain);
            j.WriteBoolean("finished", w.Finished);
            j.WriteString("summary", w.Summary);
        });
        Each(json, "commands", outcome.Commands, (j, c) =>
        {
            j.WriteString("line", c.Line);
            Time(j, "at_ns", c.At);
            j.WriteString("answer", c.Answer);
        });
        Each(json, "faults", outcome.Faults, (j, f) =>
        {
            j.WriteString("name", f.Name);
            j.WriteString("kind", f.Kind);
            Time(j, "installed_ns", f.Installed);
            Time(j, "healed_ns", f.Healed);
            j.WriteNumber("acts", f.Acts);
        });
        Each(json, "checkers", outcome.Checkers, (j, c) =>
        {
            j.WriteString("name", c.Name);
            j.WriteNumber("seen", c.Seen);
            j.WriteNumber("violations", c.Violations);
            Counts(j, "branches", c.Branches);
        });
        Each(json, "violations", outcome.Violations, (j, v) =>
        {
            j.WriteString("checker", v.Checker);
            Time(j, "at_ns", v.At);
            j.WriteString("text", v.Text);
        });
        json.WriteStartArray("pending");
        foreach (var line in outcome.Pending)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        Counts(json, "message_types", outcome.Messages);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Each<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Counts(Utf8JsonWriter json, string name, SortedDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (key, count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }

    private static void Time(Utf8JsonWriter json, string name, VirtualTime? time)
    {
        if (time is { } at)
        {
            json.WriteNumber(name, at.Nanoseconds);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
