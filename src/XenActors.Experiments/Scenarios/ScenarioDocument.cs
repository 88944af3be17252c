using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using XenActors.Hocon;

namespace XenActors.Experiments.Scenarios;

/// <summary>A scenario as a tree that can be drawn, taken apart and written again: what <see cref="ScenarioFile"/> reads.</summary>
public static class ScenarioDocument
{
    private const int LineMax = 120;

    /// <summary>The resolved document of a file; xl files that it names are taken in, so that the tree stands alone.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static JsonObject Load(string file)
    {
        if (!File.Exists(file))
        {
            throw new UserErrorException($"{file}: no such scenario file");
        }

        try
        {
            var root = Parse(HoconConfig.Load(file));
            foreach (var (_, domain) in root["domains"] as JsonObject ?? [])
            {
                if (domain is JsonObject section && section["xl"]?.GetValue<string>() is { } xl)
                {
                    section.Remove("xl");
                    section["config"] = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, xl));
                }
            }

            return root;
        }
        catch (HoconException mistake)
        {
            throw new UserErrorException(mistake.Message, mistake);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file}: cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>HOCON for people: as few lines and quotes as it takes.</summary>
    public static string Write(JsonObject document)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in document)
        {
            Write(text, key, value, 0);
        }

        return text.ToString();
    }

    private static JsonObject Parse(HoconObject root) => (JsonObject)JsonNode.Parse(HoconJson.Render(root))!;

    private static void Write(StringBuilder text, string key, JsonNode? value, int depth)
    {
        var indent = new string(' ', depth * 2);
        if (value is JsonObject section)
        {
            var line = $"{indent}{Key(key)} {Inline(section)}";
            if (line.Length <= LineMax && (depth > 0 || section.All(f => f.Value is not JsonObject)))
            {
                text.Append(line).Append('\n');
                return;
            }

            text.Append(indent).Append(Key(key)).Append(" {\n");
            foreach (var (inner, field) in section)
            {
                Write(text, inner, field, depth + 1);
            }

            text.Append(indent).Append("}\n");
            return;
        }

        text.Append(indent).Append(Key(key)).Append(" = ").Append(Inline(value)).Append('\n');
    }

    private static string Inline(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject section when section.Count == 0 => "{}",
        JsonObject section => $"{{ {string.Join(", ", section.Select(f => f.Value is JsonObject inner ? $"{Key(f.Key)} {Inline(inner)}" : $"{Key(f.Key)} = {Inline(f.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Inline))}]",
        _ => value.GetValueKind() == JsonValueKind.String ? Text(value.GetValue<string>()) : value.ToJsonString(),
    };

    private static string Text(string text) => text.Contains('\n', StringComparison.Ordinal) && !text.Contains("\"\"\"", StringComparison.Ordinal)
        ? $"\"\"\"{text}\"\"\""
        : Plain(text) && text is not ("true" or "false" or "null") && !text.StartsWith("include", StringComparison.Ordinal) ? text : Quoted(text);

    private static string Key(string key) => Plain(key) && !key.Contains('.', StringComparison.Ordinal) && key != "include" ? key : Quoted(key);

    private static bool Plain(string text) =>
        text.Length > 0 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && !decimal.TryParse(text, NumberStyles.Any, CultureInfo.InvariantCulture, out _);

    private static string Quoted(string text) => JsonSerializer.Serialize(text, QuotedOptions);

    private static readonly JsonSerializerOptions QuotedOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
