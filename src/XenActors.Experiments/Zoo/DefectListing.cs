using System.Text;
using System.Text.Json;

namespace XenActors.Experiments.Zoo;

/// <summary>Known defects as people and programs read it.</summary>
public static class DefectListing
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Each with where it lived, what is wrong, which checker sees it and where it was published.</summary>
    public static string Text(IEnumerable<KnownDefect> defects)
    {
        var text = new StringBuilder();
        foreach (var defect in defects)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(defect.Name).Append(" (").Append(defect.Component).Append(")\n");
            text.Append("  wrong      ").Append(defect.Wrong).Append('\n');
            text.Append("  seen by    ").Append(defect.Checker).Append('\n');
            text.Append("  found by   hocon/swarm/").Append(defect.Swarm).Append(".conf\n");
            text.Append("  published  ").Append(defect.Reference).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One JSON array, a defect an object.</summary>
    public static void WriteJson(IEnumerable<KnownDefect> defects, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartArray();
        foreach (var defect in defects)
        {
            json.WriteStartObject();
            json.WriteString("name", defect.Name);
            json.WriteString("component", defect.Component);
            json.WriteString("wrong", defect.Wrong);
            json.WriteString("checker", defect.Checker);
            json.WriteString("swarm", $"hocon/swarm/{defect.Swarm}.conf");
            json.WriteString("reference", defect.Reference);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
