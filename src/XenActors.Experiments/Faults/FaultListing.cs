using System.Text;
using System.Text.Json;

namespace XenActors.Experiments.Faults;

/// <summary>The catalogue as people and programs read it.</summary>
public static class FaultListing
{
    private const int NameWidth = 18;
    private const int EffectWidth = 12;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Every kind in a line, by subject.</summary>
    public static string Text()
    {
        var text = new StringBuilder();
        FaultSubject? subject = null;
        foreach (var kind in FaultCatalog.All)
        {
            if (kind.Subject != subject)
            {
                text.Append(subject is null ? "" : "\n").Append(Words(kind.Subject)).Append('\n');
                subject = kind.Subject;
            }

            text.Append("  ").Append(kind.Name.PadRight(NameWidth)).Append(Words(kind.Effect).PadRight(EffectWidth)).Append(kind.Summary).Append('\n');
            if (kind.Parameters.Count > 0)
            {
                text.Append(' ', NameWidth + EffectWidth + 2).Append(string.Join(", ", kind.Parameters.Select(Short))).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>All about one kind.</summary>
    public static string Text(FaultKind kind)
    {
        var text = new StringBuilder();
        text.Append(kind.Name).Append(": ").Append(kind.Summary).Append('\n');
        text.Append("  stands for  ").Append(kind.StandsFor).Append('\n');
        text.Append("  acts at     ").Append(kind.Place).Append('\n');
        text.Append("  healed      ").Append(kind.Heals).Append('\n');
        text.Append("  effect      ").Append(Words(kind.Effect)).Append(": ").Append(Owes(kind.Effect)).Append('\n');
        foreach (var parameter in kind.Parameters)
        {
            text.Append("  ").Append(Short(parameter).PadRight(24)).Append(parameter.Meaning)
                .Append(" (").Append(parameter.Range.Replace("|", " or ", StringComparison.Ordinal)).Append(")\n");
        }

        return text.ToString();
    }

    /// <summary>One JSON array, a kind an object.</summary>
    public static void WriteJson(IEnumerable<FaultKind> kinds, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartArray();
        foreach (var kind in kinds)
        {
            json.WriteStartObject();
            json.WriteString("name", kind.Name);
            json.WriteString("subject", Words(kind.Subject));
            json.WriteString("summary", kind.Summary);
            json.WriteString("stands_for", kind.StandsFor);
            json.WriteString("acts_at", kind.Place);
            json.WriteString("healed", kind.Heals);
            json.WriteString("effect", Words(kind.Effect));
            json.WriteStartArray("parameters");
            foreach (var parameter in kind.Parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", parameter.Name);
                json.WriteString("type", parameter.Value.ToString().ToLowerInvariant());
                json.WriteString("unit", parameter.Unit);
                json.WriteString("default", parameter.Default);
                json.WriteString("range", parameter.Range);
                json.WriteString("meaning", parameter.Meaning);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static string Short(FaultParameter parameter) =>
        parameter.Default is { } usual ? $"{parameter.Name} = {usual}" : $"{parameter.Name} = (needed)";

    private static string Words(FaultSubject subject) => subject switch
    {
        FaultSubject.EventChannels => "event channels",
        FaultSubject.Backends => "backends and device models",
        FaultSubject.Hotplug => "hotplug scripts",
        FaultSubject.Links => "links between hosts",
        _ => subject.ToString().ToLowerInvariant(),
    };

    private static string Words(FaultEffect effect) => effect.ToString().ToLowerInvariant();

    private static string Owes(FaultEffect effect) => effect switch
    {
        FaultEffect.Benign => "all recovers once it is healed, and nothing is lost",
        FaultEffect.Degrading => "what it reaches may stop or fail, but not lie; all others owe everything",
        _ => "what it reaches carries bytes that nobody wrote; all others owe everything",
    };
}
