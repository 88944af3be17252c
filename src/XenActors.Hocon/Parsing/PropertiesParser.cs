using System.Globalization;
using System.Text;

namespace XenActors.Hocon;

/// <summary>Java's properties format: every value is a string, keys split at every dot, and an object wins over a string.</summary>
internal sealed class PropertiesParser(string text, string source)
{
    private readonly ObjectNode root = new(new HoconOrigin(source, 1, 1));

    public ObjectNode Parse()
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var first = i;
            var line = Trim(lines[i]);
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                continue;
            }
            var whole = new StringBuilder();
            while (EndsOpen(line) && i + 1 < lines.Length)
            {
                whole.Append(line, 0, line.Length - 1);
                line = Trim(lines[++i]);
            }
            whole.Append(EndsOpen(line) ? line[..^1] : line);
            ParseLine(whole.ToString(), new HoconOrigin(source, first + 1, lines[first].Length - lines[first].TrimStart().Length + 1));
        }
        return root;
    }

    private static string Trim(string line) => line.TrimEnd('\r').TrimStart(' ', '\t', '\f', '\ufeff');

    // An odd number of backslashes at the end continues the line.
    private static bool EndsOpen(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private void ParseLine(string line, HoconOrigin origin)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t' or '\f'))
        {
            end += line[end] == '\\' && end + 1 < line.Length ? 2 : 1;
        }
        var rest = line.AsSpan(end).TrimStart(" \t\f");
        if (!rest.IsEmpty && rest[0] is '=' or ':')
        {
            rest = rest[1..].TrimStart(" \t\f");
        }
        Put(Unescape(line[..end], origin).Split('.'), ScalarNode.Text(origin, Unescape(rest.ToString(), origin)));
    }

    private static string Unescape(string raw, HoconOrigin origin)
    {
        if (!raw.Contains('\\'))
        {
            return raw;
        }
        var output = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\' || i + 1 == raw.Length)
            {
                output.Append(raw[i]);
                continue;
            }
            i++;
            if (raw[i] == 'u')
            {
                output.Append(ReadUnicode(raw, i + 1, origin));
                i += 4;
                continue;
            }
            output.Append(raw[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', var other => other });
        }
        return output.ToString();
    }

    private static char ReadUnicode(string raw, int at, HoconOrigin origin) =>
        at + 4 <= raw.Length
        && ushort.TryParse(raw.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? (char)code
            : throw new HoconException(origin, "expected four hexadecimal digits after '\\u' but found others");

    private void Put(string[] path, ScalarNode value)
    {
        if (path.Length > HoconLimits.MaxNesting)
        {
            throw new HoconException(value.Origin, $"expected at most {HoconLimits.MaxNesting} levels of nesting but found more");
        }
        var at = root;
        foreach (var key in path.AsSpan(0, path.Length - 1))
        {
            if (!at.Fields.TryGetValue(key, out var layer) || layer.Value is not ObjectNode inner)
            {
                inner = new ObjectNode(value.Origin);
                at.Fields[key] = new Layer(inner, null);
            }
            at = inner;
        }
        if (!at.Fields.TryGetValue(path[^1], out var existing) || existing.Value is not ObjectNode)
        {
            at.Fields[path[^1]] = new Layer(value, null);
        }
    }
}
